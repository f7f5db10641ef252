#include "core/engine/device_choices.h"

#include "core/base/error.h"
#include "core/engine/trunk.h"
#include "core/neural/devices.h"

namespace graft::engine {

std::vector<DeviceChoice> deviceChoices()
{
    wakeTensorLibrary(); // the number of threads is part of the title
    std::vector<DeviceChoice> choices;
    const auto add = [&choices](const std::string& id) {
        const neural::Device device = neural::chooseDevice(id);
        choices.push_back({device.id, device.title});
    };
    add("cpu");
    try {
        for (int card = 0;; ++card)
            add("cuda:" + std::to_string(card));
    } catch (const Error&) { // no more of them
    }
    return choices;
}

} // namespace graft::engine
