#pragma once
#include "core/augment/recipe.h"
#include "core/base/preprocess_spec.h"
#include "core/engine/augmented_copies.h"

#include <QFrame>
#include <QList>

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

class QLabel;
class QProgressBar;

namespace graft::ui {

class JobQueue;

/// Copies that a person wants on the disk: a folder for each class.
struct CopiesWish {
    struct Class {
        std::string name;
        std::vector<std::filesystem::path> pictures;
    };

    std::filesystem::path folder;
    std::vector<Class> classes;
    augment::Recipe recipe;
    PreprocessSpec preprocess;
    std::uint64_t seed = 0;
    int copies = 1; ///< of each picture
    bool sheets = false; ///< a contact sheet for each class
};

/// Writes copies and says how far it is, with Stop; hidden while there is nothing to write.
class CopiesStrip : public QFrame
{
    Q_OBJECT
public:
    explicit CopiesStrip(QWidget* parent = nullptr);
    ~CopiesStrip() override; ///< stops after the pictures at hand

    bool isWriting() const;
    void write(const CopiesWish& wish); ///< ends in written() or failed()

signals:
    void written(const graft::engine::CopyReport& report, const QString& folder);
    void failed(const QString& sentence);

private:
    void showProgress(qint64 done, qint64 total);

    JobQueue* m_jobs;
    std::stop_source m_stop;
    QLabel* m_text;
    QProgressBar* m_bar;
};

/// All of them into wish.folder. For a worker thread. Throws Error.
engine::CopyReport writeByClass(const CopiesWish& wish, const ProgressSink& progress,
                                const std::stop_token& stop);

} // namespace graft::ui
