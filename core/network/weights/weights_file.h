#pragma once
#include "core/network/backbone.h"
#include "core/network/weights/tensor_map.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace graft::network {

/// Reads a weight file, whichever of the three it is: PyTorch's legacy .pth, its zip .pth, or .safetensors.
/// Nothing in a file is ever executed: the unpickler knows tensors, OrderedDict and plain values and refuses
/// all else. Every length and offset is checked before use, and no more memory is taken than the file is long
/// (times two for half-precision numbers). Integer counters (num_batches_tracked) are skipped. Throws Error
/// that names the place.
TensorMap readWeights(const std::filesystem::path& file);
TensorMap readWeights(std::string_view bytes, const std::string& name); ///< as above; `name` is for messages

/// The same, and checks that they are the weights of this backbone with its own 1,000 classes. Names of
/// another library that BackboneSpec::officialName knows are changed to ours. An auxiliary head may be in the
/// file and is dropped, unless it is asked for: then it must be there. Throws Error that says what the file
/// is instead (another network, other classes), or names the first tensor that does not fit.
TensorMap readWeights(const std::filesystem::path& file, const BackboneSpec& spec,
                      Auxiliary auxiliary = Auxiliary::Drop);
TensorMap readWeights(std::string_view bytes, const std::string& name, const BackboneSpec& spec,
                      Auxiliary auxiliary = Auxiliary::Drop);

/// The same of tensors that were read already; `name` is the file's, for messages.
TensorMap weightsFor(const BackboneSpec& spec, TensorMap weights, const std::string& name,
                     Auxiliary auxiliary = Auxiliary::Drop);

TensorMap readLegacyPth(std::string_view bytes, const std::string& name);
TensorMap readZipPth(std::string_view bytes, const std::string& name);

/// A .safetensors file with its metadata.
struct SafetensorsFile {
    TensorMap tensors;
    std::map<std::string, std::string> metadata;
};

SafetensorsFile readSafetensors(std::string_view bytes, const std::string& name);

/// float32 tensors, sorted by name, header padded to 8 bytes; written atomically. Throws Error.
void writeSafetensors(const std::filesystem::path& file, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata);

} // namespace graft::network
