from src.layers.emb import Embeddings
from torch import nn
from transformers import BertConfig, PreTrainedModel


class NoteModel(PreTrainedModel):  # expect: TIE001, TIE004, TIE108
    config_class = BertConfig
    base_model_prefix = "note"

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = Embeddings(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.decoder.weight = self.embeddings.words.weight
        self.post_init()

    def get_input_embeddings(self):
        return self.embeddings.words

    def set_input_embeddings(self, value):
        self.embeddings.words = value
