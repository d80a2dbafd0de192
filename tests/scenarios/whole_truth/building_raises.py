"""Models that no config makes: what building them raises, and where."""

from torch import nn
from transformers import BertModel, LlamaConfig, LlamaModel, LlamaPreTrainedModel, PretrainedConfig, PreTrainedModel
from transformers.models.llama.modeling_llama import LlamaDecoderLayer


class Base(LlamaPreTrainedModel):
    def forward(self, input_ids):
        return self.model(input_ids)


class Expert(nn.Module):
    def __init__(self, config, number):
        super().__init__()
        self.lin = nn.Linear(config.hidden_size, number)


class MissingArgument(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.expert = Expert(config)  # expect: TIE006
        self.post_init()


class ExtraArgument(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config, depth=3)  # expect: TIE006
        self.post_init()


class MissingIndex(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.layers = nn.ModuleList([LlamaDecoderLayer(config) for _ in range(config.num_hidden_layers)])  # expect: TIE006
        self.post_init()


class WithoutConfig(Base):
    def __init__(self, config):
        super().__init__()  # expect: TIE006
        self.model = LlamaModel(config)
        self.post_init()


class TooEarly(Base):
    def __init__(self, config):
        self.model = LlamaModel(config)  # expect: TIE006
        super().__init__(config)
        self.post_init()


class PlainIsNotTooEarly(Base):
    def __init__(self, config):
        self.size = config.hidden_size
        super().__init__(config)
        self.model = LlamaModel(config)
        self.post_init()


class NoneEmbedding(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.expert = LlamaModel(config)
        self.expert.embed_tokens = None
        self.expert.norm.weight = self.expert.embed_tokens.weight  # expect: TIE006
        self.post_init()


class Misspelt(Base):
    def __init__(self, config):
        super().__init__(config)
        self.hidden_size = config.hidden_size
        self.model = LlamaModel(config)
        self.lin = nn.Linear(self.hiden_size, 2)  # expect: TIE006
        self.post_init()


SIZES = {"small": 3}


class UnknownKey(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lin = nn.Linear(SIZES["large"], 2)  # expect: TIE006
        self.post_init()


class CallsWhatMayNotBeInstalled(Base):
    layer = None

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.more = self.layer(config)
        self.post_init()


class ModuleAsNumber(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.model = 3  # expect: TIE006
        self.post_init()


class Unpacks(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.a, self.b = [1, 2, 3]  # expect: TIE006
        self.post_init()


class Inner(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lin = nn.Linear(self.width, 2)  # expect: TIE006
        self.post_init()


class Outer(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = Inner(config)
        self.post_init()


class Derived(Inner):
    def __init__(self, config):
        super().__init__(config)
        self.more = nn.Linear(2, 2)


class NeedsSubclass(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.more = self.make(config)
        self.post_init()

    def make(self, config):
        raise NotImplementedError


class HasIt(NeedsSubclass):
    def make(self, config):
        return nn.Linear(2, 2)


class WantsAttribute(Base):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.more = self.kind(2, 2)
        self.post_init()


class HasAttribute(WantsAttribute):
    kind = nn.Linear


class ChosenConfig(PretrainedConfig):
    model_type = "chosen"

    def __init__(self, kind=None, sizes=(), width=10, heads=4, hidden_size=16, **kwargs):
        self.kind, self.sizes, self.width, self.heads, self.hidden_size = kind, sizes, width, heads, hidden_size
        super().__init__(**kwargs)


class ChosenPreTrainedModel(PreTrainedModel):
    config_class = ChosenConfig

    def forward(self, x):
        return x


class NeedsKind(ChosenPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        if config.kind is None:
            raise ValueError("kind must be given")
        self.lin = nn.Linear(config.hidden_size, 2)
        self.post_init()


class NeedsSizes(ChosenPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.lin = nn.Linear(config.sizes[0], 2)
        self.post_init()


class NeedsDivisible(ChosenPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        assert config.width % config.heads == 0
        self.lin = nn.Linear(config.width, 2)
        self.post_init()


class NeedsField(ChosenPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.lin = nn.Linear(config.depth, 2)
        self.post_init()


class NeedsGivenField(ChosenPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        assert hasattr(config, "depth"), "no depth"
        self.lin = nn.Linear(config.depth, 2)
        self.post_init()


class NeedsModel(ChosenPreTrainedModel):
    def __init__(self, config, encoder=None):
        super().__init__(config)
        if encoder is None:
            raise ValueError("an encoder must be given")
        self.encoder = encoder
        self.post_init()


class AlwaysRaises(ChosenPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        raise RuntimeError("not any more")  # expect: TIE006


class Careful(ChosenPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        try:
            self.lin = nn.Linear(self.width, 2)
        except AttributeError:
            self.lin = nn.Linear(2, 2)
        self.post_init()


class OldConfig(PretrainedConfig):
    model_type = "old"

    def __init__(self, vocab_size=99, hidden_size=16, **kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        super().__init__(**kwargs)


class OldModel(PreTrainedModel):
    config_class = OldConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size, config.pad_token_id)  # expect[5.23.0]: TIE006
        self.post_init()

    def get_input_embeddings(self):
        return self.embed

    def set_input_embeddings(self, value):
        self.embed = value

    def forward(self, x):
        return self.embed(x)


class OldCarefulModel(PreTrainedModel):
    config_class = OldConfig

    def __init__(self, config):
        super().__init__(config)
        padding = getattr(config, "pad_token_id", None)
        decoder = config.is_decoder if hasattr(config, "is_decoder") else False
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size, padding, sparse=decoder)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed

    def set_input_embeddings(self, value):
        self.embed = value

    def forward(self, x):
        return self.embed(x)


class NewConfig(PretrainedConfig):
    model_type = "new"

    def __init__(self, vocab_size=99, hidden_size=16, pad_token_id=0, **kwargs):
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        super().__init__(pad_token_id=pad_token_id, **kwargs)


class NewModel(PreTrainedModel):
    config_class = NewConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size, config.pad_token_id)
        self.post_init()

    def get_input_embeddings(self):
        return self.embed

    def set_input_embeddings(self, value):
        self.embed = value

    def forward(self, x):
        return self.embed(x)
