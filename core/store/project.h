#pragma once
#include "core/dataset/dataset.h"
#include "core/dataset/split.h"
#include "core/learn/plan.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace graft::store {

enum class RunState { Running, Finished, Stopped, Failed };

/// "running", "finished", "stopped", "failed": the words of JSON.
const char* id(RunState state);

struct RunRecord {
    std::string id; ///< "run-1", counted up in each project
    std::int64_t created = 0; ///< seconds since 1970, UTC
    RunState state = RunState::Running;
    learn::Plan plan;
    learn::RunResult result; ///< of a finished or stopped run
    std::string problem; ///< the Error's text when Failed
    bool hasModel = false;
};

enum class Access {
    Read, ///< others may write meanwhile
    Write, ///< one process at a time: a second one gets an Error that says who has it
};

/// A folder Name.graft: project.sqlite (WAL, schema version, migrations), lock, runs/<id>/, cache/. Pictures
/// stay where they are; the place of their root is kept relative to the project and absolute, so the project
/// can be moved with its pictures or without them. Thread-safe. Every function throws Error (damaged file,
/// disk full, newer version, no right).
class Project
{
public:
    /// Makes the folder. Where it is a project already, opens that for writing. A folder that holds anything
    /// else is refused.
    static Project create(const std::filesystem::path& folder);

    /// A run that was left "running" by a process that is gone becomes Failed ("interrupted"): in the project
    /// when opened for writing, and for this object only when opened for reading.
    static Project open(const std::filesystem::path& folder, Access access);

    ~Project();
    Project(Project&&) noexcept;
    Project& operator=(Project&&) noexcept;

    const std::filesystem::path& folder() const; ///< absolute
    std::string name() const; ///< the folder's name without ".graft"

    dataset::Dataset dataset() const; ///< empty before the first import
    dataset::SplitOptions splitOptions() const;
    void setDataset(const dataset::Dataset& dataset, const dataset::SplitOptions& split);

    /// How training pictures are augmented: the id of a preset or a recipe as JSON, as learn::Plan has it.
    /// Kept as text and not judged here; "none" before the first setRecipe().
    std::string recipe() const;
    void setRecipe(const std::string& recipe);

    /// Augmented copies of each training picture, for strategies that learn from a number of them; a few
    /// before the first setCopies().
    int copies() const;
    void setCopies(int copies);

    /// The latest complete advice, as JSON (learn/advice_json.h). Kept as text and not judged here; empty
    /// before the first setAdvice().
    std::string advice() const;
    void setAdvice(const std::string& advice);

    std::vector<RunRecord> runs() const; ///< oldest first
    RunRecord run(const std::string& id) const; ///< "run-3" or "3"; throws Error, naming the runs that exist
    /// What answers where nobody chooses: the run that was recommended, as long as no newer one has finished
    /// with a model; else the newest run that has a model, finished ones first.
    std::optional<RunRecord> latestModel() const;
    void recommendRun(const std::string& id); ///< among all that there are now

    RunRecord addRun(const learn::Plan& plan); ///< makes its folder and writes plan.json there
    /// Where the end of a run cannot be written (disk full), the run is Failed with that Error's text from
    /// then on, here and, with the next room, in the project; the Error is thrown all the same.
    void updateRun(const RunRecord& run);

    std::filesystem::path runFolder(const std::string& id) const;
    std::filesystem::path modelFile(const std::string& id) const; ///< runs/<id>/model.safetensors
    std::filesystem::path cacheFolder() const; ///< made when missing; may be deleted at any time

private:
    struct Impl;
    explicit Project(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// True where `folder` looks like a project (has a project.sqlite).
bool isProject(const std::filesystem::path& folder);

} // namespace graft::store
