"""A model of two parts that hands out the head of one and the token embedding of none, and resizes nothing."""

from transformers import AutoModel, AutoModelForCausalLM, BertConfig, LlamaConfig, PretrainedConfig, PreTrainedModel


class PairConfig(PretrainedConfig):
    model_type = "pair"

    def __init__(self, encoder=None, decoder=None, tie_word_embeddings=False, **kwargs):
        self.encoder = BertConfig(**(encoder or {}))
        self.decoder = BertConfig(**{**(decoder or {}), "is_decoder": True})
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


class Pair(PreTrainedModel):
    config_class = PairConfig
    base_model_prefix = "pair"

    def __init__(self, config):
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder)
        self.decoder = AutoModelForCausalLM.from_config(config.decoder)
        self.post_init()

    def tie_weights(self, *args, **kwargs):
        self.decoder.tie_weights()

    def resize_token_embeddings(self, *args, **kwargs):
        raise NotImplementedError("resize what is inside")


class SilentPair(Pair):  # expect: TIE002
    def get_output_embeddings(self):
        return self.decoder.get_output_embeddings()


class SoundPair(SilentPair):
    def get_input_embeddings(self):
        return self.decoder.get_input_embeddings()


class UntiedConfig(PairConfig):
    def __init__(self, encoder=None, decoder=None, **kwargs):
        super().__init__(encoder, **kwargs)
        self.decoder = LlamaConfig(**{**(decoder or {}), "tie_word_embeddings": False})


class PairThatTiesNothing(SoundPair):
    config_class = UntiedConfig

    def tie_weights(self, *args, **kwargs):
        return None
