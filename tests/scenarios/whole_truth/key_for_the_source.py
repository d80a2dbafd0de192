"""A key for the embedding: up to 4.57 checkpoints lack what ``tie_weights()`` gives to the head."""

from torch import nn
from transformers import GemmaModel, GemmaPreTrainedModel, LlamaModel, LlamaPreTrainedModel


class TiedForCausalLM(GemmaPreTrainedModel):
    _tied_weights_keys = ["model.embed_tokens.weight"]  # expect[4.51.3]: TIE112  # expect[5.23.0]: TIE301

    def __init__(self, config):
        super().__init__(config)
        self.model = GemmaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings


class BothForCausalLM(TiedForCausalLM):
    """The last name of a tie that the keys name is stored all the same: the embedding, by the alphabet."""

    _tied_weights_keys = ["model.embed_tokens.weight", "lm_head.weight"]  # expect[5.23.0]: TIE301


class UntiedForCausalLM(LlamaPreTrainedModel):
    """Where the config asks for a tie."""

    _tied_weights_keys = [r"embed_tokens"]  # expect[4.51.3]: TIE112  # expect[5.23.0]: TIE301

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
