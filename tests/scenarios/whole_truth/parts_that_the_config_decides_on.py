"""A model of parts that its config decides on, without which the config cannot be made. The last class does what
is right; what is said of the others was seen with a BERT in each part: a decoder that ties its head by itself
comes back with a head of its own, and nobody finds the embedding."""

from transformers import AutoModel, AutoModelForCausalLM, PretrainedConfig, PreTrainedModel


class PairConfig(PretrainedConfig):
    model_type = "pair"

    def __init__(self, **kwargs):
        if "encoder" not in kwargs or "decoder" not in kwargs:
            raise ValueError("both parts are needed")
        self.encoder, self.decoder = kwargs.pop("encoder"), kwargs.pop("decoder")
        super().__init__(**kwargs)


class Pair(PreTrainedModel):
    config_class = PairConfig
    base_model_prefix = "pair"

    def __init__(self, config):
        config.tie_word_embeddings = False
        super().__init__(config)
        self.encoder = AutoModel.from_config(config.encoder)
        self.decoder = AutoModelForCausalLM.from_config(config.decoder)
        if self.encoder.get_output_embeddings() is not None:
            raise ValueError("a head too many")
        self.post_init()


class SilentPair(Pair):  # expect: TIE002
    def get_output_embeddings(self):
        return self.decoder.get_output_embeddings()


class UntyingPair(Pair):
    def get_input_embeddings(self):
        return self.decoder.get_input_embeddings()

    def get_output_embeddings(self):
        return self.decoder.get_output_embeddings()

    def tie_weights(self, *args, **kwargs):  # expect: TIE108
        self.tied = True


class SoundPair(UntyingPair):
    def tie_weights(self, *args, **kwargs):
        self.decoder.tie_weights()
