internal import Jobs
internal import Model

/// All checks of `fairlead doctor`, in the order in which things depend on each other.
struct Examination {
    let options: ConfigurationOptions
    let context: CommandContext

    func report() async throws -> DoctorReport {
        do {
            return DoctorReport(checks: try await checks(of: try options.load(context)))
        } catch let error as any Actionable {
            let rest = HostCheck.skipped("everything else", because: "the configuration has to be right first")
            return DoctorReport(
                checks: [.fail("configuration", error)] + (try misspeltVariables()) + [HostUser.check, rest])
        }
    }

    private func checks(of configuration: VSNConfiguration) async throws -> [HostCheck] {
        let logger = ProgressDisplay(context).logger
        return try await HostComposition.with(configuration, in: context, logger: logger) { host in
            var checks = [summary(of: configuration)] + policy(of: configuration)
            checks += (try misspeltVariables()) + [HostUser.check]
            checks += ToolChecks(configuration: configuration, engine: await host.engine.traits).checks
            checks += await EngineChecks(host: host).checks()
            checks += [await DaemonCheck.check(of: configuration), await StackCheck(host: host).check()]
            checks.append(BuildCheck(policy: configuration.policy, engine: try? await host.engine.version()).check)
            checks.append(await namespaces(of: host))
            checks += RebootCheck(engine: try? await host.engine.version()).checks
            checks += await ProxyChecks(host: host).checks()
            checks += StorageChecks(configuration: configuration).checks
            checks.append(await DataChecks(host: host).check())
            checks += await ImageVolumeCheck(host: host).checks()
            let accepted = (try? await host.acceptedRotations()) ?? []
            let deployed = try? await host.deployedState()?.desired.plan
            checks += TrustChecks(configuration: configuration, accepted: accepted, deployed: deployed).checks
            checks += await RotationCheck(host: host).checks()
            checks += await ImageTrustChecks(host: host).checks()
            checks += await RepositoryChecks(host: host).checks()
            checks += await JournalCheck.checks(of: configuration.journalFile)
            checks += await IncidentChecks(host: host).checks()
            checks.append(await HostSettingsCheck(host: host).check())
            checks += LogCheck(plan: deployed, policy: configuration.policy, host: host.host).checks
            checks += await VerdictCheck(host: host).checks()
            checks += await OwnerMailCheck(host: host).checks()
            checks +=
                ChannelChecks(
                    channels: HostChannels(stateDirectory: configuration.stateDirectory), now: context.clock.now()
                ).checks
            checks += MailConfinement(configuration: configuration).checks
            return checks + [await ClockCheck.check(context.clock.now())]
        }
    }

    private func namespaces(of host: HostComposition) async -> HostCheck {
        UserNamespaceCheck(
            policy: host.configuration.policy,
            users: UserNamespaceCheck.users(of: (try? await host.deployedState())?.desired.plan),
            outlook: try? await host.engine.namespaceOutlook(at: host.configuration.dataRoot)
        ).check
    }

    private func summary(of configuration: VSNConfiguration) -> HostCheck {
        .ok("configuration", "host '\(configuration.host)', branch '\(configuration.repository.branch)'")
    }

    /// What commits may do here, whoever makes them.
    private func policy(of configuration: VSNConfiguration) -> [HostCheck] {
        let source = ConfigurationSource(file: options.config, environment: context.environment)
        let file = ConfigurationFile(
            path: source.chosenFile.path, holdsPasswords: !configuration.remotes.isEmpty)
        return [file.problem].compactMap(\.self) + configuration.policy.words.map { .ok("policy", $0) }
    }

    private func misspeltVariables() throws -> [HostCheck] {
        try ConfigurationLayers().unknownVariables(in: context.environment).map { name in
            .warn(
                "environment", "variable '\(name)' is no key of the configuration",
                "remove or correct it; 'fairlead schema configuration' lists the keys")
        }
    }
}
