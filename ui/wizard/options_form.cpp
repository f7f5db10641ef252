#include "ui/wizard/options_form.h"

#include "core/learn/plan_choices.h"
#include "ui/models/words.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/option_row.h"
#include "ui/wizard/stop_fields.h"
#include "ui/wizard/training_draft.h"

#include <QComboBox>
#include <QLocale>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace graft::ui {

namespace {

constexpr const char* cpu = "cpu"; // ids, as in the plan
constexpr const char* float16 = "float16";

/// Core's list, in the person's language.
QList<OptionChoice> choicesOf(const std::vector<learn::PlanChoice>& list)
{
    QList<OptionChoice> choices;
    for (const learn::PlanChoice& each : list)
        choices.append({coreText(each.id), coreText(each.title), coreText(each.sentence)});
    return choices;
}

OptionChoice choice(const char* id, const QString& title)
{
    return {QString::fromLatin1(id), title, {}};
}

/// 0 in the plan is an empty field: somebody else chooses.
std::optional<double> unlessOpen(double value)
{
    return value == 0.0 ? std::nullopt : std::optional(value);
}

} // namespace

OptionsForm::OptionsForm(TrainingDraft& draft, QWidget* parent)
    : QFrame(parent)
    , m_draft(draft)
{
    setProperty("card", true);
    auto* inside = new QWidget;
    inside->setProperty("scrolled", true);
    m_column = new QVBoxLayout(inside);
    m_column->setContentsMargins(16, 12, 16, 16);
    m_column->setSpacing(0);
    addLearning();
    addStopping();
    addLastLayers();
    addBalance();
    addNetwork();
    addMachine();
    addComputer();
    m_column->addStretch();
    alignNames();
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(inside);
    scroll->setMinimumWidth(inside->minimumSizeHint().width()
                            + scroll->verticalScrollBar()->sizeHint().width());
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(1, 1, 1, 1);
    all->addWidget(scroll);
}

void OptionsForm::addHeading(const QString& text)
{
    constexpr int above = 16;
    if (!m_rows.isEmpty())
        m_column->addSpacing(above);
    QLabel* heading = makeLabel("h2", text);
    heading->setContentsMargins(8, 4, 8, 4);
    m_column->addWidget(heading);
}

OptionRow* OptionsForm::addRow(Option option, QWidget* field)
{
    auto* row = new OptionRow(option, field);
    m_column->addWidget(row);
    m_rows.insert(option, row);
    connect(row, &OptionRow::entered, this, &OptionsForm::entered);
    return row;
}

void OptionsForm::edit(const std::function<void(learn::Plan&)>& change)
{
    if (m_showing)
        return;
    learn::Plan plan = m_draft.plan();
    change(plan);
    m_draft.setPlan(plan);
}

void OptionsForm::addChoice(Option option, std::string learn::Plan::*member,
                            const QList<OptionChoice>& choices)
{
    auto* box = new QComboBox;
    for (const OptionChoice& each : choices) {
        box->addItem(each.title, each.id);
        box->setItemData(box->count() - 1, each.sentence, Qt::ToolTipRole);
    }
    connect(box, &QComboBox::currentIndexChanged, this, [this, box, member] {
        edit([&](learn::Plan& plan) { plan.*member = box->currentData().toString().toStdString(); });
    });
    m_show.emplace_back([box, member](const learn::Plan& complete) {
        box->setCurrentIndex(box->findData(QString::fromStdString(complete.*member))); // -1: not used
    });
    addRow(option, box);
}

void OptionsForm::take(Option option, const NumberField& field, const Number& number)
{
    if (m_showing)
        return;
    const std::optional<double> value = field.number();
    const double wanted = value.value_or(number.open);
    m_unusable.remove(option);
    if (!field.isReadable())
        m_unusable.insert(option,
                          tr("%1: “%2” is not a number.").arg(optionTitle(option), field.text().trimmed()));
    else if (value && number.above && wanted <= number.low)
        m_unusable.insert(
            option,
            tr("%1: choose a number above %2.").arg(optionTitle(option), QLocale().toString(number.low)));
    else if (value && wanted < number.low)
        m_unusable.insert(
            option, tr("%1: choose %2 or more.").arg(optionTitle(option), QLocale().toString(number.low)));
    else if (number.whole && wanted != std::floor(wanted))
        m_unusable.insert(option, tr("%1: choose a whole number.").arg(optionTitle(option)));
    else
        edit([&](learn::Plan& plan) { number.set(plan, wanted); });
    emit problemChanged();
}

void OptionsForm::addSlider(Option option, SliderField* field, const Number& number)
{
    connect(field, &SliderField::edited, this,
            [this, option, field, number] { take(option, *field->field(), number); });
    m_show.emplace_back([this, option, field, number](const learn::Plan& complete) {
        if (!m_unusable.contains(option))
            field->setNumber(m_rows[option]->reason().isEmpty() ? number.get(complete) : std::nullopt);
    });
    addRow(option, field);
}

void OptionsForm::addNumber(Option option, const QString& placeholder, const Number& number)
{
    auto* field = new NumberField;
    field->setPlaceholderText(placeholder);
    connect(field, &NumberField::edited, this,
            [this, option, field, number] { take(option, *field, number); });
    m_show.emplace_back([this, option, field, number](const learn::Plan& complete) {
        if (!m_unusable.contains(option))
            field->setNumber(m_rows[option]->reason().isEmpty() ? number.get(complete) : std::nullopt);
    });
    addRow(option, field);
}

void OptionsForm::addLearning()
{
    addHeading(tr("Learning"));
    addChoice(Option::Optimizer, &learn::Plan::optimizer, choicesOf(learn::optimizerChoices()));
    addChoice(Option::Loss, &learn::Plan::loss, choicesOf(learn::lossChoices()));
    const SliderField::Scale rates {.low = 1e-5, .high = 1.0, .step = 0.1, .logarithmic = true};
    addSlider(Option::LearningRate, new SliderField(rates),
              {.get = [](const learn::Plan& plan) { return plan.learningRate; },
               .set = [](learn::Plan& plan, double value) { plan.learningRate = value; },
               .above = true});
    const SliderField::Scale shares {.low = 0.0, .high = 0.99, .step = 0.01};
    addSlider(Option::Momentum, new SliderField(shares),
              {.get = [](const learn::Plan& plan) { return plan.momentum; },
               .set = [](learn::Plan& plan, double value) { plan.momentum = value; },
               .open = learn::Plan().momentum});
    addBatch();
}

void OptionsForm::addBatch()
{
    m_batch = new QComboBox;
    connect(m_batch, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index >= 0)
            edit([&](learn::Plan& plan) { plan.batch = m_batch->currentData().toInt(); });
    });
    m_show.emplace_back([this](const learn::Plan& complete) { showBatch(complete); });
    addRow(Option::Batch, m_batch);
}

void OptionsForm::showBatch(const learn::Plan& complete)
{
    QList<int> sizes {4, 8, 16, 32, 64, 128, 256};
    if (learn::learnsInEpochs(complete) && !sizes.contains(complete.batch) && complete.batch > 0) {
        sizes += complete.batch;
        std::ranges::sort(sizes);
    }
    if (m_batch->count() != sizes.size()) {
        m_batch->clear();
        for (const int size : sizes)
            m_batch->addItem({}, size);
    }
    const bool says = m_fits && learn::canBeTimed(complete);
    for (int i = 0; i < sizes.size(); ++i) {
        const QString number = QLocale().toString(sizes[i]);
        m_batch->setItemData(i, sizes[i]);
        m_batch->setItemText(i,
                             !says                  ? number
                                 : m_fits(sizes[i]) ? tr("%1, fits in memory").arg(number)
                                                    : tr("%1, more than is free").arg(number));
    }
    const bool used = learn::learnsInEpochs(complete);
    m_batch->setCurrentIndex(used ? static_cast<int>(sizes.indexOf(complete.batch)) : -1);
}

template <class Field>
void OptionsForm::addStop(Option option, Field* field)
{
    connect(field, &Field::edited, this,
            [this, field] { edit([field](learn::Plan& plan) { field->writeTo(plan); }); });
    m_show.emplace_back([field](const learn::Plan& complete) { field->show(complete); });
    addRow(option, field);
}

void OptionsForm::addStopping()
{
    addHeading(tr("When to stop"));
    addStop(Option::Length, new LengthField);
    addStop(Option::Patience, new PatienceField);
}

void OptionsForm::addLastLayers()
{
    addHeading(tr("New last layers"));
    addChoice(Option::Pooling, &learn::Plan::pooling,
              {choice("avg", tr("Average")), choice("max", tr("Largest"))});
    addSlider(Option::Dropout, new SliderField({.low = 0.0, .high = 0.9, .step = 0.05}),
              {.get = [](const learn::Plan& plan) { return plan.headDropout; },
               .set = [](learn::Plan& plan, double value) { plan.headDropout = value; },
               .open = learn::Plan().headDropout});
}

void OptionsForm::addBalance()
{
    addHeading(tr("Against learning by heart"));
    addChoice(
        Option::ClassWeights, &learn::Plan::classWeights,
        {choice("auto", tr("Automatic")), choice("balanced", tr("Balanced")), choice("none", tr("None"))});
    addSlider(Option::LabelSmoothing, new SliderField({.low = 0.0, .high = 0.5, .step = 0.01}),
              {.get = [](const learn::Plan& plan) { return plan.labelSmoothing; },
               .set = [](learn::Plan& plan, double value) { plan.labelSmoothing = value; }});
    addNumber(Option::WeightDecay, {},
              {.get = [](const learn::Plan& plan) { return plan.weightDecay; },
               .set = [](learn::Plan& plan, double value) { plan.weightDecay = value; },
               .open = learn::Plan().weightDecay});
    addNumber(Option::ClipNorm, {},
              {.get = [](const learn::Plan& plan) { return plan.clipNorm; },
               .set = [](learn::Plan& plan, double value) { plan.clipNorm = value; },
               .open = learn::Plan().clipNorm});
}

void OptionsForm::addNetwork()
{
    addHeading(tr("Network"));
    addNumber(Option::InputSize, tr("as the network was made for"),
              {.get = [](const learn::Plan& plan) { return unlessOpen(plan.inputSize); },
               .set = [](learn::Plan& plan, double value) { plan.inputSize = static_cast<int>(value); },
               .whole = true});
    addChoice(Option::BatchStatistics, &learn::Plan::batchStatistics,
              {choice("frozen", tr("Frozen")), choice("batch", tr("From each batch"))});
}

void OptionsForm::addMachine()
{
    addHeading(tr("Support vector machine"));
    addChoice(Option::Kernel, &learn::Plan::kernel,
              {choice("linear", tr("Linear")), choice("rbf", tr("Radial basis functions"))});
    addNumber(Option::Penalty, tr("chosen for you"),
              {.get = [](const learn::Plan& plan) { return unlessOpen(plan.penalty); },
               .set = [](learn::Plan& plan, double value) { plan.penalty = value; }});
    addNumber(Option::Gamma, tr("chosen for you"),
              {.get = [](const learn::Plan& plan) { return unlessOpen(plan.gamma); },
               .set = [](learn::Plan& plan, double value) { plan.gamma = value; }});
}

void OptionsForm::addComputer()
{
    addHeading(tr("Computer"));
    m_show.emplace_back([this](const learn::Plan& complete) { offerFloat16(complete); });
    addChoice(Option::Precision, &learn::Plan::precision,
              {choice("auto", tr("Automatic")), choice("float32", QStringLiteral("float32")),
               choice("bfloat16", QStringLiteral("bfloat16"))});
    m_precision = static_cast<QComboBox*>(m_rows[Option::Precision]->field());
    addChoice(Option::Device, &learn::Plan::device, {choice("auto", tr("Automatic"))});
    m_device = static_cast<QComboBox*>(m_rows[Option::Device]->field());
    m_rows[Option::Device]->hide();
    connect(m_device, &QComboBox::currentIndexChanged, this, [this] {
        if (m_device->currentData().toString() == QLatin1String(cpu) && m_draft.plan().precision == float16)
            edit([](learn::Plan& plan) { plan.precision = learn::Plan().precision; });
    });
    addNumber(Option::Seed, {},
              {.get = [](const learn::Plan& plan) { return static_cast<double>(plan.seed); },
               .set = [](learn::Plan& plan, double value) { plan.seed = static_cast<std::uint64_t>(value); },
               .open = static_cast<double>(learn::Plan().seed),
               .whole = true});
}

/// Only graphics cards learn with it. What the plan says is in the menu all the same.
void OptionsForm::offerFloat16(const learn::Plan& complete)
{
    const QString id = QLatin1String(float16);
    const bool offered = (m_hasCard && complete.device != cpu) || complete.precision == float16;
    const int at = m_precision->findData(id);
    if (offered && at < 0)
        m_precision->addItem(id, id);
    else if (!offered && at >= 0)
        m_precision->removeItem(at);
}

void OptionsForm::setDevices(const std::vector<engine::DeviceChoice>& devices)
{
    m_showing = true;
    for (const engine::DeviceChoice& device : devices) {
        if (m_device->findData(QString::fromStdString(device.id)) < 0)
            m_device->addItem(QString::fromStdString(device.title), QString::fromStdString(device.id));
    }
    m_hasCard = std::ranges::any_of(devices, [](const auto& device) { return device.id != cpu; });
    m_showing = false;
    m_rows[Option::Device]->setVisible(devices.size() > 1);
}

void OptionsForm::alignNames()
{
    int width = 0;
    for (const OptionRow* row : m_rows)
        width = std::max(width, row->nameWidth());
    for (OptionRow* row : m_rows)
        row->setNameWidth(width);
}

QString OptionsForm::problem() const
{
    return m_unusable.isEmpty() ? QString() : m_unusable.first();
}

void OptionsForm::show(const learn::Plan& complete)
{
    for (OptionRow* row : m_rows) {
        row->setWhyNot(whyNot(row->option(), complete));
        if (!row->reason().isEmpty())
            m_unusable.remove(row->option());
    }
    m_showing = true;
    for (const auto& each : m_show)
        each(complete);
    m_showing = false;
}

} // namespace graft::ui
