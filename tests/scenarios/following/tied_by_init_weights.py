from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class HereForCausalLM(LlamaPreTrainedModel):  # expect: TIE004  # expect[4.51.3]: TIE001, TIE108  # expect[5.23.0]: TIE202
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def _init_weights(self, module):
        super()._init_weights(module)
        if module is self.lm_head:
            module.weight = self.model.embed_tokens.weight


class ThereForCausalLM(LlamaPreTrainedModel):  # expect: TIE004, TIE108  # expect[4.51.3]: TIE001
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def init_weights(self):
        super().init_weights()
        self.lm_head.weight = self.model.embed_tokens.weight
