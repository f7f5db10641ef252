#include "app/cli/command.h"

#include <array>

namespace graft::cli {

std::span<const Command> commands()
{
    static constexpr std::array list {
        Command {"import", "Read a folder of pictures into a project", prepareImport},
        Command {"info", "Show what a project holds", prepareInfo},
        Command {"advise", "Measure which way to learn suits the pictures, and recommend one", prepareAdvise},
        Command {"train", "Teach a network to tell the pictures of a project apart", prepareTrain},
        Command {"race", "Let the ways to learn compete under one time limit, and say which to take",
                 prepareRace},
        Command {"evaluate", "Measure a trained model on pictures it did not learn from", prepareEvaluate},
        Command {"runs", "List the trainings of a project", prepareRuns},
        Command {"classify", "Ask a trained model what is on pictures", prepareClassify},
        Command {"imagenet", "Ask an untrained backbone, out of ImageNet's 1,000 classes", prepareImagenet},
        Command {"augment", "Write augmented copies of pictures, as training sees them", prepareAugment},
        Command {"copies", "Measure what augmented copies cost on this computer, and what they bring",
                 prepareCopies},
        Command {"features", "Write a backbone's activations as a NumPy file", prepareFeatures},
        Command {"weights", "List, fetch, import and verify the backbones' weights", prepareWeights},
        Command {"backbones", "List the networks that can be built upon", prepareBackbones},
        Command {"strategies", "List the ways to learn", prepareStrategies},
        Command {"ops", "List the augmentations and the ready recipes", prepareOps},
        Command {"doctor", "Look whether this computer has what Graft needs", prepareDoctor},
    };
    return list;
}

} // namespace graft::cli
