from torch import nn
from transformers import BertConfig, PreTrainedModel


class NoteForMaskedLM(PreTrainedModel):  # expect: TIE004
    config_class = BertConfig
    base_model_prefix = "note"

    def __init__(self, config):
        super().__init__(config)
        match config.hidden_act:
            case "gelu":
                self.act = nn.GELU()
            case _:
                self.act = nn.ReLU()
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, value):
        self.decoder = value
