"""Loading that is the family's own: nothing of the library's asks for ``post_init()``."""

from contextlib import contextmanager

from safetensors.torch import load_file
from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel, PretrainedConfig, PreTrainedModel


@contextmanager
def no_init():
    yield


class ClipConfig(PretrainedConfig):
    model_type = "own_clip"

    def __init__(self, hidden_size=16, **kwargs):
        self.hidden_size = hidden_size
        super().__init__(**kwargs)


class ClipPreTrainedModel(PreTrainedModel):
    config_class = ClipConfig
    base_model_prefix = "clip"

    @classmethod
    def from_pretrained(cls, folder, *args, **kwargs):
        model = cls(cls.config_class.from_pretrained(folder))
        model.load_state_dict(load_file(f"{folder}/model.safetensors"))
        return model


class ClipModel(ClipPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)


class PassingOnModel(PreTrainedModel):  # expect[5.23.0]: TIE005
    config_class = ClipConfig

    @classmethod
    def from_pretrained(cls, *args, **kwargs):
        return super().from_pretrained(*args, **kwargs)

    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)


class WrittenModel(PreTrainedModel):
    """Is only ever loaded as the class that is put together of it and a model of the library."""

    config_class = ClipConfig

    @classmethod
    def from_pretrained(cls, folder, *args, **kwargs):
        config = ClipConfig.from_pretrained(folder)
        if cls.__bases__ == (PreTrainedModel,) and config.hidden_size:
            whole = type(f"{cls.__name__}Llama", (cls, LlamaModel), {})
            return whole.from_pretrained(folder, *args, **kwargs)
        with no_init():
            return super().from_pretrained(folder, *args, **kwargs)

    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)


class WrappedModel(PreTrainedModel):  # expect[5.23.0]: TIE005
    config_class = ClipConfig

    @classmethod
    def from_pretrained(cls, folder, *args, **kwargs):
        if "config" not in kwargs:
            kwargs["config"] = ClipConfig.from_pretrained(folder)
        with no_init():
            model = super().from_pretrained(folder, *args, **kwargs)
        if kwargs["config"].tuned:
            return model.eval()
        return model

    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)


class ListedModel(PreTrainedModel):
    config_class = ClipConfig

    @property
    def all_tied_weights_keys(self):
        return {}

    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.hidden_size, config.hidden_size)


class PartForCausalLM(LlamaPreTrainedModel):  # expect[5.23.0]: TIE005
    """Loads itself, but not where it is a part: what it declares is not known to the model that holds it."""

    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.tie_weights()

    @classmethod
    def from_pretrained(cls, folder, *args, **kwargs):
        model = cls(cls.config_class.from_pretrained(folder))
        model.load_state_dict(load_file(f"{folder}/model.safetensors"), strict=False)
        model.tie_weights()
        return model

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings


class CoveredForCausalLM(LlamaPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.tie_weights()

    @classmethod
    def from_pretrained(cls, folder, *args, **kwargs):
        model = cls(cls.config_class.from_pretrained(folder))
        model.load_state_dict(load_file(f"{folder}/model.safetensors"), strict=False)
        model.tie_weights()
        return model

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings


class CoveringModel(LlamaPreTrainedModel):
    """Declares the tie of its part itself."""

    _tied_weights_keys = {"part.lm_head.weight": "part.model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.part = CoveredForCausalLM(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.part.model.embed_tokens

    def set_input_embeddings(self, value):
        self.part.model.embed_tokens = value

    def get_output_embeddings(self):
        return self.part.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.part.lm_head = new_embeddings


class WholeModel(LlamaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.part = PartForCausalLM(config)
        self.post_init()

    def get_input_embeddings(self):
        return self.part.model.embed_tokens

    def set_input_embeddings(self, value):
        self.part.model.embed_tokens = value

    def get_output_embeddings(self):
        return self.part.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.part.lm_head = new_embeddings
