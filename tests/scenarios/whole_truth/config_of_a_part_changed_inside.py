"""The config of a part says no, and the model has the part tie all the same. In 4.51.3 a load parts the two; in
5.x a checkpoint that has a head of its own keeps it."""

import copy

from transformers import GPT2Config, GPT2LMHeadModel, PretrainedConfig, PreTrainedModel


class PartConfig(PretrainedConfig):
    model_type = "part"

    def __init__(self, text=None, tie_word_embeddings=False, **kwargs):
        self.text = GPT2Config(**{"tie_word_embeddings": False, **(text or {})})
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class Around(PreTrainedModel):
    config_class = PartConfig
    base_model_prefix = "inner"

    def get_input_embeddings(self):
        return self.inner.get_input_embeddings()

    def set_input_embeddings(self, value):
        self.inner.set_input_embeddings(value)

    def get_output_embeddings(self):
        return self.inner.get_output_embeddings()

    def set_output_embeddings(self, value):
        self.inner.set_output_embeddings(value)


class CopyChanged(Around):  # expect[4.51.3]: TIE108  # expect[5.23.0]: TIE202
    def __init__(self, config):
        super().__init__(config)
        inner = copy.deepcopy(config.text)
        inner.tie_word_embeddings = True
        self.inner = GPT2LMHeadModel(inner)
        self.post_init()


class MadeOfItsValues(Around):  # expect[4.51.3]: TIE108  # expect[5.23.0]: TIE202
    def __init__(self, config):
        super().__init__(config)
        self.inner = GPT2LMHeadModel(GPT2Config.from_dict({**config.text.to_dict(), "tie_word_embeddings": True}))
        self.post_init()


class Changed(Around):  # expect[4.51.3]: TIE108  # expect[5.23.0]: TIE202
    def __init__(self, config):
        super().__init__(config)
        config.text.tie_word_embeddings = True
        self.inner = GPT2LMHeadModel(config.text)
        self.post_init()
