internal import ArgumentParser
internal import Files
internal import Model

/// Tries a configuration before it counts: what `doctor`, `mail test` and `plan` say of it.
struct SetupTrial: Sendable {
    /// How the commands read the configuration.
    let arguments: [String]
    let waitsForPin: Bool
    /// How long others have to put in place what is missing.
    let patience: Duration
    let admission: HostAdmission
    let context: CommandContext
    let transcript: SetupTranscript
    var examine: @Sendable (ConfigurationOptions, CommandContext) async throws -> DoctorReport = {
        try await Examination(options: $0, context: $1).report()
    }
    var elapsed: @Sendable () -> Duration = {
        let began = ContinuousClock.now
        return { began.duration(to: .now) }
    }()
    var pause: @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(3)) }

    init(
        arguments: [String], waitsForPin: Bool, patience: Duration, admission: HostAdmission, context: CommandContext,
        transcript: SetupTranscript
    ) {
        (self.arguments, self.waitsForPin, self.patience) = (arguments, waitsForPin, patience)
        (self.admission, self.context, self.transcript) = (admission, context, transcript)
    }

    /// Makes state and data of another machine this one's.
    func adopt() async throws {
        let status = try await Adopt.parse(arguments).run(in: context)
        guard status == .success else { throw SetupError("state and data were not adopted", hint: "see above") }
    }

    /// Returns when nothing is in the way of a deployment; what is missing elsewhere is told once and waited for.
    func awaitFitness() async throws {
        var told: [String]?
        while true {
            let report = try await examine(
                ConfigurationOptions.parse(arguments), HeardCommand().context(in: context))
            let fitness = Fitness(checks: report.checks, waitsForPin: waitsForPin)
            guard !fitness.isFit else { return tellFitness(fitness) }
            let missing = DoctorReport(checks: fitness.missing).rows(TextStyle())
            guard !fitness.isForeign else { throw foreign(missing) }
            if told == nil { await admission.tell(transcript) }
            if missing != told {
                transcript.say()
                transcript.say("Not yet:")
                transcript.note(missing)
                told = missing
            }
            guard elapsed() < patience else { throw SetupPause() }
            try await pause()
        }
    }

    private func tellFitness(_ fitness: Fitness) {
        transcript.say("- tested: repository, plan, host entry and key, secrets, registry, ports")
        transcript.note(DoctorReport(checks: fitness.notes).rows(TextStyle()))
    }

    private func foreign(_ missing: [String]) -> SetupError {
        transcript.complain(missing)
        return SetupError(
            "what is on this host was copied from another machine",
            hint: "see that the stack does not run there any more, then add --adopt")
    }

    /// Without mail a host deploys as well, only silently.
    func tryMail() async throws {
        let heard = HeardCommand()
        do {
            if try await MailTest.parse(arguments).run(in: heard.context(in: context)) == .success {
                return transcript.say("- tested: mail")
            }
        } catch is NoMailConfigured {
            return transcript.say("- the plan has no 'mail': nobody will be told of failures")
        } catch let error as any Actionable {
            heard.note(error)
        }
        transcript.say("warning: the test mail did not get away:")
        transcript.note(heard.lines)
    }

    /// Shows what is deployed next; throws where that would be refused.
    func showPlan() async throws {
        let heard = HeardCommand()
        do {
            let status = try await Plan.parse(arguments).run(in: heard.context(in: context))
            if status == .success || status == .changes { return transcript.note(heard.lines) }
        } catch let error as any Actionable {
            heard.note(error)
        }
        transcript.complain(heard.lines)
        throw SetupError(
            "the plan at the tip of the branch would be refused",
            hint: "fix it in the customer repo and push, then run the same line again")
    }

    /// The commit at the tip of the branch.
    func tip() async throws -> CommitID {
        let quiet = HeardCommand().context(in: context)
        let configuration = try ConfigurationOptions.parse(arguments).load(quiet)
        return try await HostComposition.with(configuration, in: quiet, logger: ProgressDisplay(quiet).logger) {
            try await $0.believedTip().commit
        }
    }
}
