"""Helpers of ``PreTrainedModel`` that not every release has."""

from torch import nn
from transformers import LlamaModel, LlamaPreTrainedModel, ModernBertConfig, ModernBertModel, ModernBertPreTrainedModel


class SignForMaskedLM(ModernBertPreTrainedModel):
    _tied_weights_keys = {"decoder.weight": "model.embeddings.tok_embeddings.weight"}
    config_class = ModernBertConfig

    def __init__(self, config):
        super().__init__(config)
        self.model = ModernBertModel(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=True)
        self.post_init()
        self.tie_embeddings_and_encoder_decoder()  # expect: TIE006

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, new_embeddings):
        self.decoder = new_embeddings


class SignAgainForMaskedLM(SignForMaskedLM):
    def __init__(self, config):
        super().__init__(config)
        self.more = nn.Linear(config.hidden_size, 2)


class CarefulForMaskedLM(ModernBertPreTrainedModel):
    _tied_weights_keys = {"decoder.weight": "model.embeddings.tok_embeddings.weight"}
    config_class = ModernBertConfig

    def __init__(self, config):
        super().__init__(config)
        self.model = ModernBertModel(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=True)
        self.post_init()
        if hasattr(self, "tie_embeddings_and_encoder_decoder"):
            self.tie_embeddings_and_encoder_decoder()

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, new_embeddings):
        self.decoder = new_embeddings


class CloningForMaskedLM(ModernBertPreTrainedModel):  # expect[4.51.3]: TIE108
    _tied_weights_keys = {"decoder.weight": "model.embeddings.tok_embeddings.weight"}
    config_class = ModernBertConfig

    def __init__(self, config):
        super().__init__(config)
        self.model = ModernBertModel(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size, bias=True)
        self.post_init()
        self._tie_or_clone_weights(self.decoder, self.model.embeddings.tok_embeddings)  # expect[5.23.0]: TIE006

    def get_output_embeddings(self):
        return self.decoder

    def set_output_embeddings(self, new_embeddings):
        self.decoder = new_embeddings


class SometimesCloningForCausalLM(LlamaPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def tie_weights(self, *args, **kwargs):
        super().tie_weights(*args, **kwargs)
        if self.config.tie_word_embeddings:
            self._tie_or_clone_weights(self.lm_head, self.model.embed_tokens)  # expect[5.23.0]: TIE006

    def get_output_embeddings(self):
        return self.lm_head

    def set_output_embeddings(self, new_embeddings):
        self.lm_head = new_embeddings
