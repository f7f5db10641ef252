#include "tests/cli/cli_process.h"

#include <QJsonDocument>
#include <QProcess>

#include <csignal>

namespace {

constexpr int longest = 110'000; // ms, on a busy computer; CTest ends the whole test a little later

QString program()
{
    return QStringLiteral(GRAFT_BINARY_DIR "/graft-cli");
}

CliResult resultOf(QProcess& process, const QByteArray& errBefore = {})
{
    CliResult result;
    QByteArray remark;
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(longest)) {
        remark = "tests/cli: it had not ended after " + QByteArray::number(longest / 1000) + " s\n";
        process.kill();
        process.waitForFinished();
    }
    constexpr int bySignal = 128;
    result.code = process.exitCode();
    if (process.exitStatus() == QProcess::CrashExit) {
        remark += "tests/cli: it was ended by signal " + QByteArray::number(result.code) + '\n';
        result.code += bySignal;
    } else if (process.error() == QProcess::FailedToStart) {
        remark += "tests/cli: it could not be started: " + process.errorString().toUtf8() + '\n';
        result.code = -1;
    }
    result.out = process.readAllStandardOutput();
    result.err = errBefore + process.readAllStandardError() + remark;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(result.out, &error);
    if (error.error == QJsonParseError::NoError && document.isObject())
        result.json = document.object();
    return result;
}

} // namespace

CliResult cli(const QStringList& arguments, const QProcessEnvironment& environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program(), arguments);
    return resultOf(process);
}

CliResult cliWithSignal(const QStringList& arguments, const QByteArray& sign, int signal)
{
    QProcess process;
    process.start(program(), arguments);
    process.setReadChannel(QProcess::StandardError);
    QByteArray err;
    while (!err.contains(sign) && process.waitForReadyRead(longest))
        err += process.readAllStandardError();
    if (process.state() != QProcess::NotRunning)
        kill(static_cast<pid_t>(process.processId()), signal);
    return resultOf(process, err);
}

QProcessEnvironment withDataFolder(const QString& folder)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_DATA_HOME"), folder);
    return environment;
}

QString sentenceOf(const CliResult& result)
{
    return QString::fromUtf8(result.err.trimmed().split('\n').last());
}
