from transformers import GPT2Config, GPT2LMHeadModel, PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"

    def __init__(self, vocab_size=40, lm=None, **kwargs):
        sizes = {"vocab_size": vocab_size, "n_embd": 16, "n_layer": 1, "n_head": 2}
        self.lm = lm if isinstance(lm, GPT2Config) else GPT2Config(**(lm or sizes))
        self.vocab_size = vocab_size
        super().__init__(**kwargs)


class AcmeReader(PreTrainedModel):
    config_class = AcmeConfig

    def __init__(self, config):
        super().__init__(config)
        self.lm = GPT2LMHeadModel(config.lm)
        self.post_init()
