#include "core/network/weights/weights_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/weights/pth.h"

namespace graft::network {

namespace {

bool fits(const BackboneSpec& spec, const TensorMap& weights)
{
    try {
        requireMatch(spec.build({.inputSize = spec.preprocess.crop}), weights);
        return true;
    } catch (const Error&) {
        return false;
    }
}

} // namespace

TensorMap readWeights(const std::filesystem::path& file)
{
    return readWeights(readFile(file), file.string());
}

TensorMap readWeights(std::string_view bytes, const std::string& name)
{
    if (bytes.empty())
        throw Error(name, "is empty", "Fetch the file again.");
    if (bytes.starts_with("PK\3\4"))
        return readZipPth(bytes, name);
    if (bytes.starts_with(pth::legacyMagic))
        return readLegacyPth(bytes, name);
    constexpr std::size_t lengthField = 8;
    if (bytes.size() > lengthField && bytes[lengthField] == '{')
        return readSafetensors(bytes, name).tensors;
    throw Error(name, "is no weight file that Graft reads", "Choose a .pth or .safetensors file.");
}

TensorMap readWeights(const std::filesystem::path& file, const BackboneSpec& spec)
{
    return readWeights(readFile(file), file.string(), spec);
}

TensorMap readWeights(std::string_view bytes, const std::string& name, const BackboneSpec& spec)
{
    TensorMap weights = readWeights(bytes, name);
    try {
        requireMatch(spec.build({.inputSize = spec.preprocess.crop}), weights, spec.title);
    } catch (const Error& misfit) {
        const std::string what = "the tensor '" + misfit.subject() + "' " + misfit.happened();
        for (const BackboneSpec& other : backbones()) {
            if (fits(other, weights))
                throw Error(name, what + "; these are weights of " + std::string(other.title),
                            "Choose that network, or the file of this one.");
        }
        throw Error(name, what, misfit.next());
    }
    return weights;
}

} // namespace graft::network
