"""What looks like a defect and is none: a condition that holds, a flag that is set, a loader of its own."""

import torch
from torch import nn
from transformers import LlamaConfig, LlamaModel, LlamaPreTrainedModel


class Base(LlamaPreTrainedModel):
    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings


class ByNameForCausalLM(Base):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if type(self).__name__ == "ByNameForCausalLM":
            self.post_init()


class ByClassNameForCausalLM(Base):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if self.__class__.__name__ == "ByClassNameForCausalLM":
            self.post_init()


class UntiedForCausalLM(Base):
    _tied_weights_keys = []

    def __init__(self, config):
        config.tie_word_embeddings = False
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class LoadedByItselfForCausalLM(Base):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.tie_weights()

    @classmethod
    def from_pretrained(cls, path, *args, **kwargs):
        model = cls(LlamaConfig.from_pretrained(path))
        model.load_state_dict(torch.load(f"{path}/model.pt"))
        return model
