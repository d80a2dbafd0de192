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

    def get_input_embeddings(self):
        return self.lm.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.lm.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.lm.get_output_embeddings()

    def set_output_embeddings(self, new_embeddings):
        self.lm.set_output_embeddings(new_embeddings)

    def tie_weights(self, *args, **kwargs):
        super().tie_weights(*args, **kwargs)
        self.lm.tie_weights(*args, **kwargs)
