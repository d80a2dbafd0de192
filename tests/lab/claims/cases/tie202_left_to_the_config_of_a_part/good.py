from transformers import GemmaConfig, GemmaForCausalLM, PretrainedConfig, PreTrainedModel


class AcmeConfig(PretrainedConfig):
    model_type = "acme"
    sub_configs = {"text_config": GemmaConfig}

    def __init__(self, vocab_size=40, text_config=None, tie_word_embeddings=True, **kwargs):
        sizes = {"vocab_size": vocab_size, "hidden_size": 16, "num_hidden_layers": 1, "head_dim": 8}
        heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "intermediate_size": 16}
        given = text_config or {**sizes, **heads, "tie_word_embeddings": True}
        self.text_config = GemmaConfig(**given) if isinstance(given, dict) else given
        self.vocab_size = vocab_size
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class AcmeForGeneration(PreTrainedModel):
    config_class = AcmeConfig

    def __init__(self, config):
        super().__init__(config)
        self.lm = GemmaForCausalLM(config.text_config)
        self.post_init()

    def get_input_embeddings(self):
        return self.lm.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.lm.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.lm.get_output_embeddings()

    def set_output_embeddings(self, new_embeddings):
        self.lm.set_output_embeddings(new_embeddings)
