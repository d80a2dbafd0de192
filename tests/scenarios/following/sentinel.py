from torch import nn
from transformers import BertConfig, PreTrainedModel

UNSET = object()


class NoteForMaskedLM(PreTrainedModel):  # expect: TIE004
    config_class = BertConfig
    base_model_prefix = "note"

    def __init__(self, config, backend=UNSET):
        super().__init__(config)
        if backend is not UNSET:
            self.use(backend)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def use(self, backend):
        self.backend = backend

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, value):
        self.decoder = value
