#include "ui/jobs/asker.h"

#include "core/share/model_file.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/picture_input.h"
#include "ui/session.h"

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace {

AnswerClasses classesOf(const share::ModelCard& card)
{
    AnswerClasses classes;
    for (const std::string& name : card.classes)
        classes.names += QString::fromStdString(name);
    return classes;
}

} // namespace

Asker::Asker(Session& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_reader(new JobQueue(this))
{
    connect(&m_session, &Session::answers, this, &Asker::takeAnswers);
    connect(&m_session, &Session::classified, this, &Asker::endQuestion);
    connect(&m_session, &Session::classifyProgress, this, [this](qint64 done, qint64 total) {
        m_done = done;
        m_total = total;
        emit changed();
    });
}

Asker::~Asker() = default;

void Asker::choose(const AskedModel& model)
{
    if (model == m_model)
        return;
    stop();
    m_model = model;
    m_classesKnown = false;
    m_early.clear();
    if (!model.isNone())
        readClasses();
    emit changed();
}

void Asker::readClasses()
{
    // Those of a run are in the model's file; reading it takes too long for the GUI thread.
    m_reader->add(
        [this, model = m_model, folder = toPath(m_session.folder())](const std::stop_token&) {
            const AnswerClasses classes = model.run.isEmpty()
                ? imagenetClasses()
                : classesOf(share::loadModel(engine::findModel(folder, model.run.toStdString())).card);
            return [this, model, classes] {
                if (model == m_model && !m_classesKnown)
                    setClasses(model, classes);
            };
        },
        [this](const JobProblem& problem) {
            if (!problem.stopped)
                emit failed(problem.sentence);
        });
}

void Asker::setClasses(const AskedModel& model, const AnswerClasses& classes)
{
    m_model = model;
    m_classesKnown = true;
    emit classesKnown(classes);
    handOn(std::exchange(m_early, {}));
}

void Asker::ask(const QStringList& paths, double reject)
{
    if (paths.isEmpty() || m_model.isNone())
        return;
    m_questions.push_back({m_model, {}, {}});
    m_session.classify(paths, m_model, reject);
    emit changed();
}

void Asker::ask(const QString& name, const QImage& image, double reject)
{
    if (m_model.isNone())
        return;
    m_questions.push_back({m_model, name, image});
    m_session.classify(toImage(image), m_model, reject);
    emit changed();
}

void Asker::stop()
{
    m_session.stopClassifying();
    for (Question& question : m_questions)
        question.model = {}; // nobody waits for them any more
    m_early.clear();
    emit changed();
}

bool Asker::isAsking() const
{
    return std::ranges::any_of(m_questions,
                               [](const Question& question) { return !question.model.isNone(); });
}

void Asker::takeAnswers(const QList<engine::Prediction>& predictions)
{
    if (!m_questions.empty() && m_questions.front().model != m_model)
        return; // asked before this model was chosen
    std::vector<Answer> answers;
    for (const engine::Prediction& prediction : predictions) {
        Answer answer {prediction.path, {}, fileName(prediction.path), prediction.probabilities,
                       prediction.best, {}};
        if (prediction.path.empty() && !m_questions.empty()) {
            answer.image = m_questions.front().image;
            answer.name = m_questions.front().name;
        }
        answers.push_back(std::move(answer));
    }
    handOn(answers);
}

void Asker::takeProblems(const QList<engine::PictureProblem>& problems)
{
    std::vector<Answer> answers;
    for (const engine::PictureProblem& problem : problems)
        answers.push_back(
            {problem.path, {}, fileName(problem.path), {}, 0, QString::fromStdString(problem.reason)});
    handOn(answers);
}

void Asker::handOn(const std::vector<Answer>& answers)
{
    if (answers.empty())
        return;
    if (m_classesKnown)
        emit answered(answers);
    else
        m_early.insert(m_early.end(), answers.begin(), answers.end());
}

void Asker::endQuestion(const QList<engine::PictureProblem>& problems)
{
    if (m_questions.empty())
        return;
    if (m_questions.front().model == m_model)
        takeProblems(problems);
    m_questions.pop_front();
    m_done = 0;
    m_total = 0;
    emit changed();
}

} // namespace graft::ui
