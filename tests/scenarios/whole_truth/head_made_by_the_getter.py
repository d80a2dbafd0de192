"""A getter that makes a head of the embedding at each call: there is nothing to tie, and nothing to save."""

from torch import nn
from transformers import BartModel, BartPreTrainedModel


def head_of(embedding):
    head = nn.Linear(*embedding.weight.shape, bias=False)
    head.weight.data = embedding.weight.data
    return head


class InfillForConditionalGeneration(BartPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = BartModel(config)
        self.post_init()

    def get_output_embeddings(self):
        return head_of(self.model.shared)

    def set_output_embeddings(self, new_embeddings):
        pass


class WithoutSetterForConditionalGeneration(BartPreTrainedModel):
    """Resizing raises where the config does not tie (4.51.3), or always (5.x)."""

    def __init__(self, config):
        super().__init__(config)
        self.model = BartModel(config)
        self.post_init()

    def get_output_embeddings(self):  # expect: TIE401
        return head_of(self.model.shared)
