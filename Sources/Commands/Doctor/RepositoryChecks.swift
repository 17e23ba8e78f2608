internal import Files
internal import GitSource
internal import HostSystem
internal import Model
internal import Planning
internal import Reconciling

/// The customer repo, this host's entry in it, and its secrets.
struct RepositoryChecks {
    /// Of the check whether the entry of the host names this machine.
    static let hostKeyName = "host key"

    let host: HostComposition

    func checks() async -> [HostCheck] {
        do {
            let tip = try await host.source.remoteTip()
            let failures = tip.failures.map { HostCheck.warn("repository", $0, "the next url served instead") }
            let repository = HostCheck.ok("repository", "'\(tip.servedBy)' stands at \(tip.commit.short)")
            let look = HostKeyLook(host.configuration.repositoryLocation, confiner: host.context.executable)
            let hostKeys = await HostKeyChecks(look: look).checks()
            return keyFiles + failures + [repository] + hostKeys + (await plan(at: tip))
        } catch {
            let plan = HostCheck.skipped("plan", because: "the repository has to be reachable first")
            return keyFiles + [.fail("repository", error), plan]
        }
    }

    /// Files that hold keys must exist and be closed to others.
    private var keyFiles: [HostCheck] {
        let configuration = host.configuration
        return [
            ("ssh key", configuration.repository.sshKey), ("token", configuration.repository.tokenFile),
            ("age identity", configuration.ageIdentity),
        ].compactMap { name, path in path.map { KeyFile(name: name, path: $0).check } }
    }

    private func plan(at tip: RemoteTip) async -> [HostCheck] {
        do {
            try await host.source.fetch(tip)
            let signers = await RotationCheck(host: host).next(at: tip.commit)
            do {
                try await host.believe(tip.commit)
            } catch let error as UntrustedCommit {
                // Nothing of it is read: its plan names servers and secrets.
                let plan = HostCheck.skipped("plan", because: "its commit has to be believed first")
                return signers + [.fail("signature", error), plan]
            }
            let freshness = await FreshnessCheck(host: host).checks(of: tip.commit)
            let deployed = try? await host.deployedState()
            let candidate = try await host.candidate(at: tip.commit, deployed: deployed)
            let rules = await RulePathChecks(host: host).checks(of: tip.commit)
            return signers + freshness + rules + described(candidate) + [await hostKey(candidate)]
                + (await CandidateChecks(host: host, candidate: candidate, deployed: deployed?.desired).checks())
        } catch let error as HostError {
            return [.fail("secrets", error)]
        } catch {
            return [.fail("plan", error)]
        }
    }

    /// One that another machine is refused with; who has another one never comes here.
    private func hostKey(_ candidate: Candidate) async -> HostCheck {
        guard candidate.desired.plan.hostKeys == nil else {
            return .ok(Self.hostKeyName, "the plan is for this machine and no other")
        }
        do {
            let line = HostKeyPin.line(try await host.machine.publicKey())
            return .warn(
                Self.hostKeyName,
                "any machine that is set up as '\(candidate.desired.plan.host)' would run the stack too",
                "add to 'hosts/\(candidate.desired.plan.host).json': \(line)")
        } catch {
            return .warn(Self.hostKeyName, error.message, error.hint)
        }
    }

    private func described(_ candidate: Candidate) -> [HostCheck] {
        let plan = candidate.desired.plan
        let secrets = candidate.desired.secretDigests.count
        return candidate.warnings.map { .warn("plan", $0.description) } + [
            .ok("plan", "\(plan.stack) \(plan.version), \(plan.containers.count.counted("container"))"),
            .ok("secrets", secrets == 0 ? "the plan needs none" : "all \(secrets) that the plan needs can be read"),
        ]
    }
}
