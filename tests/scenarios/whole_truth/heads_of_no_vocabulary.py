"""Output embeddings that have no row for each token: resizing makes a head of the vocabulary of the reward and
fails for the labels, which have no setter, in 4.51.3 and 5.23.0. What has the vocabulary's rows is left alone."""

from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel


class RewardModel(LlamaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.v_head = nn.Linear(config.hidden_size, 1, bias=False)
        self.post_init()

    def get_output_embeddings(self):  # expect: TIE103
        return self.v_head

    def set_output_embeddings(self, value):
        self.v_head = value


class LabelModel(LlamaPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.score = nn.Linear(config.hidden_size, config.num_labels, bias=False)
        self.post_init()

    def get_output_embeddings(self):  # expect: TIE103
        return self.score


class EmbeddingModel(LlamaPreTrainedModel):
    """It hands out the embedding as its head: resizing leaves it as it should be."""

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.score = nn.Linear(config.hidden_size, 2, bias=False)
        self.post_init()

    def get_output_embeddings(self):
        return self.model.embed_tokens

    def set_output_embeddings(self, value):
        self.model.embed_tokens = value
