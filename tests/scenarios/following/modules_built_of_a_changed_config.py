from torch import nn
from transformers import BertConfig, PreTrainedModel


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm = config.norm_cls(config.hidden_size)


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.layer = Layer(config)


class NotePreTrainedModel(PreTrainedModel):
    config_class = BertConfig
    base_model_prefix = "bert"


class NoteModel(NotePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.config.norm_cls = nn.LayerNorm
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.encoder = Encoder(config)
        del self.config.norm_cls  # so that the config can be saved as JSON
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value


class NoteForMaskedLM(NotePreTrainedModel):  # expect: TIE004
    def __init__(self, config):
        super().__init__(config)
        self.bert = NoteModel(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, value):
        self.decoder = value
