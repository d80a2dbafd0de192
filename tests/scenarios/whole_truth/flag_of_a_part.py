"""A model that has its part tie. In 4.51.3 the config of the whole asks for a tie, by the library's default, and
LLaMA's for none: nothing is tied, and ``model.config.tie_word_embeddings`` says otherwise. In 5.x the library
gives no default."""

from transformers import LlamaConfig, LlamaForCausalLM, PretrainedConfig, PreTrainedModel


class SeeingConfig(PretrainedConfig):
    model_type = "seeing"

    def __init__(self, text_config=None, **kwargs):
        self.part = LlamaConfig(**(text_config or {}))
        super().__init__(**kwargs)


class SeeingForGeneration(PreTrainedModel):  # expect[4.51.3]: TIE202
    config_class = SeeingConfig

    def __init__(self, config):
        super().__init__(config)
        self.language_model = LlamaForCausalLM(config.part)
        self.post_init()

    def get_input_embeddings(self):
        return self.language_model.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.language_model.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.language_model.get_output_embeddings()

    def set_output_embeddings(self, value):
        self.language_model.set_output_embeddings(value)

    def tie_weights(self, *args, **kwargs):
        return self.language_model.tie_weights(*args, **kwargs)


class FrankConfig(SeeingConfig):
    model_type = "frank"

    def __init__(self, tie_word_embeddings=False, **kwargs):
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class FrankForGeneration(SeeingForGeneration):
    config_class = FrankConfig
