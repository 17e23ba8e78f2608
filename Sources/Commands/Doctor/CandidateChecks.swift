internal import Backup
internal import ContainerEngine
internal import Deploying
internal import Jobs
internal import Model
internal import Reconciling

/// What stands in the way of the committed plan on this host, and whether its registries let this host in.
struct CandidateChecks {
    let host: HostComposition
    let candidate: Candidate
    let deployed: DesiredState?
    let acceptance: Acceptance

    init(host: HostComposition, candidate: Candidate, deployed: DesiredState?) {
        self.host = host
        self.candidate = candidate
        self.deployed = deployed
        acceptance = Acceptance(candidate: candidate.desired, deployed: deployed)
    }

    func checks() async -> [HostCheck] {
        await obstacles() + logins()
            + BackupChecks(host: host, candidate: candidate, acceptance: acceptance).checks()
    }

    private var plan: ResolvedPlan { candidate.desired.plan }

    /// What step 1 of a deployment would refuse: busy ports, taken addresses, missing directories. What backups need is
    /// looked at on its own.
    private func obstacles() async -> [HostCheck] {
        var alone = plan
        alone.backup = nil
        let problems = await host.host.problems(for: alone, secrets: candidate.secrets) + host.jobs.problems(of: alone)
        let found = problems.map { HostCheck.fail("host", $0.message, $0.hint) } + (await namespaces())
        return found.isEmpty ? [.ok("host", "nothing is in the way of the plan")] : found
    }

    /// Those that the policy, or what is deployed, asks for are told already.
    private func namespaces() async -> [HostCheck] {
        let policy = host.configuration.policy
        let news = UserNamespaceCheck.users(of: plan).subtracting(UserNamespaceCheck.users(of: deployed?.plan))
        guard policy.userns != .required, !news.isEmpty else { return [] }
        let outlook = try? await host.engine.namespaceOutlook(at: host.configuration.dataRoot)
        let check = UserNamespaceCheck(policy: policy, users: news, outlook: outlook).check
        return check.status == .fail ? [check] : []
    }

    private func logins() async -> [HostCheck] {
        var checks: [HostCheck] = []
        for (registry, login) in plan.registries.sorted(by: { $0.key < $1.key }) {
            guard acceptance.holds(login, at: registry) else {
                checks.append(.skipped("registry", because: Acceptance.untried("the login at '\(registry)'")))
                continue
            }
            guard let username = login.username.value(with: candidate.secrets),
                let password = login.password.value(with: candidate.secrets)
            else { continue }
            let credentials = RegistryCredentials(username: username, password: password)
            checks.append(await check(registry, credentials))
        }
        return checks
    }

    private func check(_ registry: String, _ credentials: RegistryCredentials) async -> HostCheck {
        do {
            try await host.engine.logIn(to: registry, credentials)
            return .ok("registry", "'\(registry)' lets '\(credentials.username)' in")
        } catch let error as EngineError where error.reason == .unreachable {
            return .skipped("registry", because: "the engine has to be reachable first")
        } catch let error as EngineError where error.message.contains("HTTP response to HTTPS client") {
            // The engine tries a login over TLS only, also where its own settings allow a pull without.
            return .skipped("registry", because: "'\(registry)' has no TLS: its login is not tried")
        } catch {
            return .fail("registry", error)
        }
    }
}
