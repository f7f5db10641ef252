#pragma once
#include "core/learn/advice.h"

#include <string>
#include <string_view>

namespace graft::learn {

// The JSON of advice and forecasts, for the project and run folders; as core/learn/json.h otherwise: a key
// that is missing keeps its default, an unknown key is passed over, a wrong type throws Error that names the
// key.

std::string toJson(const Advice& advice);
Advice adviceFromJson(std::string_view text);

std::string toJson(const Forecast& forecast);
Forecast forecastFromJson(std::string_view text);

} // namespace graft::learn
