internal import ArgumentParser
internal import Model

extension SetupRequest {
    /// Throws a `ValidationError` that never shows a secret. `token`: of the environment.
    init(_ arguments: Setup, token: String?) throws {
        try Self.refuseControlCharacters(arguments)
        repository = try Self.repository(arguments)
        hostKey = arguments.hostKey
        signers = arguments.signers
        self.token = token
        tokenFile = arguments.tokenFile
        certificatesFile = arguments.caFile
        proxyPasswordFile = arguments.proxyPasswordFile
        patience = arguments.wait.duration
        (adopts, holds, pins) = (arguments.adopt, arguments.hold, !arguments.noPin)
        (replaces, isDryRun) = (arguments.force, arguments.dryRun)
        guard [tokenFile, arguments.username, token].allSatisfy({ $0 == nil }) || repository?.way == .https else {
            throw ValidationError("a user name and a token go with a --repo https://…")
        }
    }

    private static func repository(_ arguments: Setup) throws -> Repository? {
        guard let url = arguments.repo else {
            try refuseAlone(arguments)
            return nil
        }
        guard !ConfigurationLayers.holdsPassword(url) else {
            throw ValidationError("a password in '--repo' could be seen by others; use '--token-file'")
        }
        guard let way = Repository.Way(of: url) else {
            throw ValidationError("'--repo' is ssh://…, git@HOST:PATH, https://… or a directory of this host")
        }
        guard let host = arguments.host ?? SystemName.short,
            host.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?/) != nil
        else { throw ValidationError("'\(arguments.host ?? "")' is no name of a host; write '--host NAME'") }
        if let interval = arguments.interval { _ = try PlanDuration.argument(interval) }
        return Repository(
            url: url, way: way, branch: arguments.branch ?? "main", host: host, interval: arguments.interval,
            username: arguments.username, anchor: try anchor(arguments), proxy: try proxy(arguments))
    }

    /// What only says more of a repo.
    private static func refuseAlone(_ arguments: Setup) throws {
        for (option, value) in [
            ("--branch", arguments.branch), ("--host", arguments.host), ("--interval", arguments.interval),
            ("--signers", arguments.signers), ("--anchor", arguments.anchor), ("--proxy", arguments.proxy),
            ("--ca-file", arguments.caFile),
        ] where value != nil {
            throw ValidationError("'\(option)' goes with '--repo'")
        }
    }

    private static func anchor(_ arguments: Setup) throws -> CommitID? {
        guard let text = arguments.anchor else { return nil }
        guard arguments.signers != nil else { throw ValidationError("'--anchor' goes with '--signers'") }
        guard let anchor = CommitID(text) else {
            throw ValidationError("'--anchor' is the full id of a commit: 40 digits of 0-9 and a-f")
        }
        return anchor
    }

    private static func proxy(_ arguments: Setup) throws -> Proxy? {
        guard let url = arguments.proxy else {
            guard [arguments.noProxy, arguments.proxyUser, arguments.proxyPasswordFile].allSatisfy({ $0 == nil }) else {
                throw ValidationError("'--no-proxy', '--proxy-user' and '--proxy-password-file' go with '--proxy'")
            }
            return nil
        }
        guard (try? WebProxy(url: url)) != nil else {
            throw ValidationError(
                "'--proxy' is of the form http://HOST:PORT; a password goes into '--proxy-password-file'")
        }
        guard arguments.proxyPasswordFile == nil || arguments.proxyUser != nil else {
            throw ValidationError("'--proxy-password-file' goes with '--proxy-user'")
        }
        let exceptions = (arguments.noProxy ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        if let wrong = exceptions.first(where: { !ProxyExceptions.isValid($0) }) {
            throw ValidationError("'\(wrong)' of '--no-proxy' is neither a host, an address nor a network")
        }
        return Proxy(url: url, exceptions: exceptions, username: arguments.proxyUser)
    }

    /// They would change what the configuration says, or what a terminal shows of it.
    private static func refuseControlCharacters(_ arguments: Setup) throws {
        let values = [
            arguments.repo, arguments.branch, arguments.host, arguments.interval, arguments.hostKey, arguments.signers,
            arguments.username, arguments.tokenFile, arguments.caFile, arguments.proxy, arguments.noProxy,
            arguments.proxyUser, arguments.proxyPasswordFile,
        ]
        guard values.allSatisfy({ $0?.unicodeScalars.contains(where: \.steersTerminal) != true }) else {
            throw ValidationError("one of the values has a control character in it")
        }
    }
}
