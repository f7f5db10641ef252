#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

Answer listRuns(const std::string& folder)
{
    const store::Project project = store::Project::open(folder, store::Access::Read);
    Json list = Json::array();
    Table table({"id", "state", "strategy", "backbone", "cut", ">epochs", ">seconds", "accuracy"});
    const std::vector<store::RunRecord> runs = project.runs();
    for (const store::RunRecord& run : runs) {
        list.push_back(runJson(project, run));
        table.add({run.id, store::id(run.state), run.plan.strategy, run.plan.backbone, run.plan.cut,
                   std::to_string(run.result.epochs), fixed(run.result.seconds, 1),
                   run.problem.empty() ? (run.hasModel ? verdict(run.result.headline()) : "no model")
                                       : shown(run.problem)});
    }
    return {dump({{"runs", std::move(list)}}),
            runs.empty() ? "No training yet. Begin with: graft-cli train " + shown(folder) + "\n"
                         : table.text(),
            Done,
            {},
            {}};
}

} // namespace

Action prepareRuns(CLI::App& app)
{
    const auto project = std::make_shared<std::string>();
    addProject(app, *project);
    return [project](Work&) { return listRuns(*project); };
}

} // namespace graft::cli
