from torch import nn
from transformers import BertConfig, BertPreTrainedModel


class FlexConfig(BertConfig):
    def __init__(self, final_norm=True, **kwargs):
        self.final_norm = final_norm
        super().__init__(**kwargs)


class FlexModel(BertPreTrainedModel):  # config_class stays BertConfig
    def __init__(self, config: FlexConfig):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size) if config.final_norm else None
        self.post_init()

    def get_input_embeddings(self):
        return self.words

    def set_input_embeddings(self, value):
        self.words = value


class FlexForMaskedLM(BertPreTrainedModel):  # expect: TIE004  # expect[5.23.0]: TIE108
    def __init__(self, config: FlexConfig):
        super().__init__(config)
        self.bert = FlexModel(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.decoder.weight = self.bert.words.weight
        self.post_init()

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, value):
        self.decoder = value
