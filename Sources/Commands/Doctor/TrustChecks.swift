internal import GitSource
internal import Glibc
internal import Model
internal import Planning
internal import Processes

/// Whether commits are verified here, and whether what that needs is in place.
struct TrustChecks {
    let configuration: VSNConfiguration
    /// The lists of signers that were accepted from the repo, the newest first.
    let accepted: [SignerRotation]
    let deployed: ResolvedPlan?

    var checks: [HostCheck] {
        guard let signers = configuration.trust.signers else { return [off] }
        let trust = configuration.trust
        let files = [signers.file, signers.revoked, trust.overrideSigners, trust.heartbeatSigners].compactMap(\.self)
        return [program(signers)] + files.map(check) + [revocations(signers)].compactMap(\.self) + lines
            + rules(signers) + [anchor].compactMap(\.self)
    }

    private var listed: Set<String>? {
        PresentSigners(configuration.trust, accepted: accepted).persons.map { Set($0) }
    }

    private func rules(_ signers: SignerList) -> [HostCheck] {
        guard !configuration.trust.commits.rules.isEmpty else { return [] }
        let places = PlanPlaces(deployed: deployed)
        return RuleChecks(trust: configuration.trust, signers: signers, listed: listed, places: places).checks
    }

    private var off: HostCheck {
        .warn(
            "signatures", "commits are not verified: whoever can push, or runs the git server, decides what runs here",
            "set 'trust.commits' in the configuration; docs/trust.md tells how, in ten lines")
    }

    private var lines: [HostCheck] {
        let lines = SignerLines(configuration.trust)
        return lines.faults.map { .warn("signers", $0, SignerLines.advice) }
            + lines.crowds.map { .warn("signers", $0, "write one name and one key in each line") }
    }

    private func revocations(_ signers: SignerList) -> HostCheck? {
        signers.revocationFault.map {
            .fail(
                "signers", "\($0): no commit is accepted",
                "'trust.commits.revoked' in the configuration names the file; write \(signers.form.revocations)")
        }
    }

    private func program(_ signers: SignerList) -> HostCheck {
        guard let path = Command.find(signers.form.program) else {
            return .fail(
                "signatures", "'\(signers.form.program)' is not installed: no commit is accepted",
                "apt-get install \(signers.form.package)")
        }
        let scope = configuration.trust.commits.scope == .tip ? "the newest commit" : "every commit"
        return .ok("signatures", "\(scope) has to be signed; \(path) verifies")
    }

    private func check(_ file: String) -> HostCheck { Self.signers(file, "nobody on it is believed") }

    /// Whoever can write it decides who may sign. `loss`: what comes of it that there is no such file.
    static func signers(_ file: String, _ loss: String) -> HostCheck {
        var status = stat()
        guard stat(file, &status) == 0 else {
            return .fail("signers", "there is no '\(file)': \(loss)", "put the file in its place")
        }
        guard status.st_uid == 0 || status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            return .fail(
                "signers", "'\(file)' can be changed by others than root, who could then deploy",
                "chown root:root \(file) && chmod 0644 \(file)")
        }
        return .ok("signers", "'\(file)'")
    }

    private var anchor: HostCheck? {
        guard configuration.trust.anchor == nil else { return nil }
        return .warn(
            "anchor", "a host that lost its journal would take an old state of the branch, if that was signed",
            "set 'trust.anchor' to a commit that was deployed here, as 'fairlead history' lists them")
    }
}
