internal import ContainerEngine
internal import Deploying
internal import GitSource
internal import Glibc
internal import HostSystem
internal import Jobs
internal import Model
internal import Reconciling

/// The configuration in the words of each adapter.
extension VSNConfiguration {
    /// Checked when the configuration was read.
    var webProxy: WebProxy? {
        proxy.url.flatMap { url in
            try? WebProxy(
                url: url, username: proxy.username, passwordFile: proxy.passwordFile,
                exceptions: ProxyExceptions(proxy.noProxy) ?? ProxyExceptions())
        }
    }

    var serviceProxy: ServiceProxy {
        ServiceProxy(proxy: webProxy, socket: engine.socket, stateDirectory: stateDirectory)
    }

    var repositoryLocation: RepositoryLocation {
        RepositoryLocation(
            url: repository.url, branch: repository.branch, fallbackURLs: repository.fallbackUrls,
            sshKey: repository.sshKey, knownHosts: repository.knownHosts, tokenFile: repository.tokenFile,
            username: repository.username ?? "git", caFile: repository.caFile,
            proxy: webProxy, timeout: repository.timeout.duration, maxDuration: repository.maxDuration.duration,
            packLimit: repository.maxPackSize)
    }

    var engineConfiguration: EngineConfiguration {
        var engine = EngineConfiguration()
        engine.socket = self.engine.socket
        engine.environment = self.engine.environment
        engine.proxy = webProxy
        engine.downloads = "\(stateDirectory)/downloads"
        engine.policy = policy
        engine.imageKeys = ImageKeyring(trust.images)
        engine.builds = policy.buildPolicy
        engine.buildDirectory = "\(stateDirectory)/builds"
        engine.buildLimits.free = minimumFreeSpace
        engine.storage = self.engine.storage
        // Step 1 begins with all of it; what is brought may take the half.
        engine.minimumFree = ByteCount(bytes: minimumFreeSpace.bytes / 2)
        return engine
    }

    func hostConfiguration(_ environment: [String: String]) -> HostConfiguration {
        var host = hostConfiguration
        host.remotes = remotes
        if let root = Self.cronRoot(environment) { host.commandPath = "\(root)/bin:\(host.commandPath)" }
        return host
    }

    func jobsConfiguration(_ environment: [String: String]) -> JobsConfiguration {
        var jobs = JobsConfiguration()
        jobs.stateDirectory = stateDirectory
        jobs.dataRoot = dataRoot
        jobs.runtimeDirectory = runtimeDirectory
        jobs.logDirectory = logDirectory
        // The system's own; what the stack's containers and Fairlead write is the plan's.
        if !policy.cleansSystemLogs { jobs.systemLogDirectories = [] }
        if let root = Self.cronRoot(environment) { jobs.crontabFile = "\(root)/spool/crontabs/root" }
        jobs.commandPath = hostConfiguration(environment).commandPath
        jobs.programVersion = Version.current
        jobs.mailCaFile = mailCaFile
        return jobs
    }

    /// Tables of cron for a test's own; a release build has nothing of it.
    private static func cronRoot(_ environment: [String: String]) -> String? {
        #if DEBUG
            environment["FAIRLEAD_CRON_ROOT"]
        #else
            nil
        #endif
    }

    private var hostConfiguration: HostConfiguration {
        HostConfiguration(
            stateDirectory: stateDirectory, dataRoot: dataRoot, runtimeDirectory: runtimeDirectory,
            engineStorage: [engine.storage], ageIdentity: ageIdentity, recoveryIdentity: recoveryIdentity,
            signingKey: signingKey, secretsFile: secretsFile, minimumFreeSpace: minimumFreeSpace,
            essentialNames: ([repository.url] + repository.fallbackUrls).compactMap(RepositoryLocation.hostName(of:)),
            proxy: webProxy, entryFollowsHostName: followsHostName ?? false, mark: .current(host: host))
    }

    func deploymentOptions(_ environment: [String: String]) -> DeploymentOptions {
        let host = HostSystem(configuration: hostConfiguration(environment))
        return DeploymentOptions(
            parallelism: engine.parallelism, stabilityPeriod: stabilityPeriod.duration, exclusive: exclusive,
            repositoryPatience: repository.timeout.duration, policy: policy,
            platform: HostPlatform.current, hasJournal: { host.hasJournal },
            checkpoint: Self.checkpoint(environment))
    }

    func reconcilerOptions(bootID: String) -> ReconcilerOptions {
        ReconcilerOptions(
            host: host, policy: policy, stack: trust.stack, requireFastForward: repository.requireFastForward,
            retry: Backoff(
                attempts: retry.attempts, firstDelay: retry.firstDelay.duration,
                longestDelay: retry.longestDelay.duration),
            interval: interval.duration, staleAfter: staleAfter, incomingMoveWait: takeOverWait, bootID: bootID,
            uptime: HostSystem.uptime)
    }

    /// Lets a test kill or hold a debug build at one point of a deployment; a release build has nothing of it.
    private static func checkpoint(_ environment: [String: String]) -> @Sendable (String) -> Void {
        #if DEBUG
            if let place = environment["FAIRLEAD_CRASH_AT"] {
                return { if $0 == place { kill(getpid(), SIGKILL) } }
            }
            // `PLACE=FILE`: it waits there for as long as the file is.
            if let hold = environment["FAIRLEAD_HOLD_AT"]?.split(separator: "=", maxSplits: 1), hold.count == 2 {
                let (place, file) = (String(hold[0]), String(hold[1]))
                return { if $0 == place { while access(file, F_OK) == 0 { usleep(10_000) } } }
            }
        #endif
        return { _ in }
    }
}
