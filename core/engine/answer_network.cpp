#include "core/engine/answer_network.h"

#include "core/engine/self_check.h"
#include "core/engine/trunk.h"
#include "core/imaging/resize.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/weights/catalogue.h"

namespace graft::engine {

network::Graph graphOf(const share::ModelCard& card)
{
    const network::BackboneSpec& spec = network::backbone(network::backboneOfWeights(card.backbone));
    const network::Graph backbone = spec.build({.inputSize = card.preprocess.crop});
    return network::classifierOn(backbone, network::stageOf(spec, card.cut),
                                 static_cast<int>(card.classes.size()));
}

neural::Interpreter answeringNetwork(const share::Model& model, const std::string& device)
{
    return answering(graphOf(model.card), model.weights, device);
}

std::vector<float> selfCheckLogits(neural::Interpreter& network, const PreprocessSpec& spec)
{
    const auto pictures = selfCheckPictures();
    const std::size_t size = static_cast<std::size_t>(spec.crop) * static_cast<std::size_t>(spec.crop) * 3;
    std::vector<std::uint8_t> pixels(size * pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i)
        imaging::preprocess(pictures[i], spec, std::span(pixels).subspan(i * size, size));
    return network.run({pixels, static_cast<int>(pictures.size())});
}

} // namespace graft::engine
