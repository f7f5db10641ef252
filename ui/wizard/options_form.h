#pragma once
#include "core/engine/device_choices.h"
#include "core/learn/plan.h"
#include "ui/wizard/option_words.h"

#include <QFrame>
#include <QMap>

#include <functional>
#include <optional>

class QComboBox;
class QVBoxLayout;

namespace graft::ui {

class NumberField;
class OptionRow;
class SliderField;
class TrainingDraft;

/// One line of a menu.
struct OptionChoice {
    QString id; ///< as in the plan
    QString title;
    QString sentence; ///< may be empty
};

/// Every option of a plan, for experts. It shows what the plan says, and where that leaves the choice to the
/// strategy, what the strategy chooses. GUI thread.
class OptionsForm : public QFrame
{
    Q_OBJECT
public:
    explicit OptionsForm(TrainingDraft& draft, QWidget* parent = nullptr);

    /// `complete` is the draft's plan as its strategy completes it.
    void show(const learn::Plan& complete);

    /// Hidden with less than two. With a graphics card float16 is offered, too.
    void setDevices(const std::vector<engine::DeviceChoice>& devices);

    /// Whether a batch of so many pictures fits into the memory that is free; asked in show().
    void setFits(std::function<bool(int batch)> fits) { m_fits = std::move(fits); }

    /// Why something that was written cannot be used, where no plan can say it; empty where all is well.
    QString problem() const;

    void forgetProblems() { m_unusable.clear(); } ///< show() puts numbers in their place

    OptionRow* row(Option option) const { return m_rows.value(option); }

signals:
    void entered(graft::ui::Option option);
    void problemChanged();

private:
    using Get = std::function<std::optional<double>(const learn::Plan& complete)>;
    using Set = std::function<void(learn::Plan& plan, double value)>;

    /// A number of the plan.
    struct Number {
        Get get;
        Set set;
        double open = 0.0; ///< what the plan says where the field is empty
        double low = 0.0; ///< below, it would mean something else or nothing
        bool above = false; ///< low itself is too little
        bool whole = false;
    };

    void addHeading(const QString& text);
    OptionRow* addRow(Option option, QWidget* field);
    void addChoice(Option option, std::string learn::Plan::*member, const QList<OptionChoice>& choices);
    void addSlider(Option option, SliderField* field, const Number& number);
    void addNumber(Option option, const QString& placeholder, const Number& number);
    void take(Option option, const NumberField& field, const Number& number);
    void edit(const std::function<void(learn::Plan&)>& change);

    void addLearning();
    void addStopping();
    void addLastLayers();
    void addBalance();
    void addNetwork();
    void addMachine();
    void addComputer();
    void addBatch();
    template <class Field>
    void addStop(Option option, Field* field);
    void showBatch(const learn::Plan& complete);
    void offerFloat16(const learn::Plan& complete);
    void alignNames();

    TrainingDraft& m_draft;
    QVBoxLayout* m_column;
    QMap<Option, OptionRow*> m_rows;
    std::vector<std::function<void(const learn::Plan& complete)>> m_show;
    QMap<Option, QString> m_unusable; ///< what was written there
    std::function<bool(int batch)> m_fits;
    QComboBox* m_device = nullptr;
    QComboBox* m_precision = nullptr;
    QComboBox* m_batch = nullptr;
    bool m_hasCard = false; ///< graphics
    bool m_showing = false;
};

} // namespace graft::ui
