"""A prefix that names nothing, of a backbone that does not hand out its embedding: two defects."""

from torch import nn
from transformers import BertConfig, PretrainedConfig, PreTrainedModel


class NotePreTrainedModel(PreTrainedModel):
    config_class = BertConfig
    base_model_prefix = "model"  # expect[4.51.3]: TIE101


class NoteModel(NotePreTrainedModel):  # expect: TIE002
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()


class NoteForPreTraining(NotePreTrainedModel):
    _tied_weights_keys = ["decoder.weight"]  # expect[5.23.0]: TIE301

    def __init__(self, config):
        super().__init__(config)
        self.bert = NoteModel(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)
        self.post_init()

    def tie_weights(self):  # expect[5.23.0]: TIE303
        self.decoder.weight = self.bert.words.weight


class DiaryConfig(PretrainedConfig):
    model_type = "diary"

    def __init__(self, vocab_size=40, hidden_size=16, tie_word_embeddings=False, **kwargs):
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size


class DiaryPreTrainedModel(PreTrainedModel):
    config_class = DiaryConfig
    base_model_prefix = "model"  # expect: TIE101


class DiaryModel(DiaryPreTrainedModel):  # expect: TIE002
    def __init__(self, config):
        super().__init__(config)
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.post_init()


class DiaryForClassification(DiaryPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.diary = DiaryModel(config)
        self.score = nn.Linear(config.hidden_size, 3)
        self.post_init()
