"""Heads that the library puts together, whose prefix is that of the mixin and not of the family."""

from transformers import GPTJPreTrainedModel, LlamaPreTrainedModel
from transformers.modeling_layers import GenericForQuestionAnswering, GenericForSequenceClassification


class OneForQuestionAnswering(  # expect[5.23.0]: TIE101
    GenericForQuestionAnswering, GPTJPreTrainedModel
):
    """The getter goes by the family's prefix, and raises."""

    def get_input_embeddings(self):
        return self.transformer.wte

    def set_input_embeddings(self, value):
        self.transformer.wte = value


class TwoForSequenceClassification(  # expect[5.23.0]: TIE101
    GenericForSequenceClassification, GPTJPreTrainedModel
):
    pass


class GoodForSequenceClassification(GenericForSequenceClassification, GPTJPreTrainedModel):
    base_model_prefix = "transformer"


class AlikeForSequenceClassification(GenericForSequenceClassification, LlamaPreTrainedModel):
    pass
