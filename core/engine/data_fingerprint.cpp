#include "core/engine/data_fingerprint.h"

#include "core/base/file.h"

#include <algorithm>

namespace graft::engine {

std::string dataFingerprint(const dataset::Dataset& data)
{
    std::vector<std::string> lines;
    for (const dataset::Picture& picture : data.pictures)
        lines.push_back(picture.sha256 + " " + data.classes[static_cast<std::size_t>(picture.label)] + " "
                        + dataset::id(picture.side) + "\n");
    std::ranges::sort(lines);
    std::string text;
    for (const std::string& line : lines)
        text += line;
    return sha256(text);
}

} // namespace graft::engine
