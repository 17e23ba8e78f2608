public import Model

/// Where the configuration comes from.
public struct ConfigurationSource: Sendable {
    /// `--config`; else `FAIRLEAD_CONFIG`, else the standard file, which may be missing.
    public var file: String?
    /// `--set KEY=VALUE`, in order.
    public var settings: [String]
    public var environment: [String: String]

    public init(file: String? = nil, settings: [String] = [], environment: [String: String] = [:]) {
        self.file = file
        self.settings = settings
        self.environment = environment
    }

    /// The file that is read, and whether somebody asked for it.
    var chosenFile: (path: String, isExplicit: Bool) {
        if let path = file ?? environment["FAIRLEAD_CONFIG"] { return (path, true) }
        return (VSNConfiguration.standardFile, false)
    }
}

extension VSNConfiguration {
    /// Reads and checks everything; throws `PlanProblems` with all that is wrong.
    public init(from source: ConfigurationSource) throws {
        var layers = try ConfigurationLayers()
        try layers.addFile(of: source)
        try layers.add(environment: source.environment)
        for setting in source.settings { try layers.add(setting: setting) }
        layers.addHostName()
        layers.check(file: source.chosenFile.path)
        self = try layers.decode(file: source.chosenFile.path)
        try check(ownerMail, of: source.chosenFile.path)
        policy.ownDirectories = [dataRoot, stateDirectory, runtimeDirectory, logDirectory, engine.storage]
        policy.ownRemotes = remotes.keys.sorted()
        // An image of another place would need no signature, and so would an archive.
        if policy.images.registries == nil, !trust.images.isEmpty {
            policy.images.registries = trust.images.keys.sorted()
        }
    }

    private func check(_ mail: OwnerMail, of file: String) throws {
        let problems = mail.problems.map {
            PlanProblem(file: file, pointer: "/ownerMail/\($0.key)", message: $0.message, hint: $0.hint)
        }
        guard problems.isEmpty else { throw PlanProblems(problems) }
    }

    /// The JSON Schema of the configuration file.
    public static var schemaText: String { String(decoding: PackageResources.config_schema_json, as: UTF8.self) }
}

extension ConfigurationLayers {
    fileprivate mutating func addFile(of source: ConfigurationSource) throws {
        let (path, isExplicit) = source.chosenFile
        guard let bytes = try HostFile(path).read(limit: 1 << 20) else {
            if isExplicit { throw ConfigurationError.missing(path) }
            return
        }
        add(file: path, bytes: bytes)
    }

    /// The system's host name stands in for a missing `host`.
    fileprivate mutating func addHostName() {
        guard self["host"] == nil, let name = SystemName.short else { return }
        try? add(setting: "host=\(name)")
        addFollowingHostName()
    }

    /// What the schema cannot say.
    fileprivate mutating func check(file: String) {
        guard problems.isEmpty else { return }
        checkRepository(file: file)
        checkProxy(file: file)
        checkTrust(file: file)
        checkImagePlaces(file: file)
        if let interval = self["interval"]?.string.flatMap(PlanDuration.init), interval.milliseconds < 1000 {
            add(PlanProblem(file: file, pointer: "/interval", message: "the interval is shorter than '1s'"))
        }
    }

    private mutating func checkRepository(file: String) {
        guard let url = self["repository", "url"]?.string else {
            return add(
                PlanProblem(
                    file: file, pointer: "/repository/url", message: "no customer repo is configured",
                    hint: "write {\"repository\": {\"url\": \"…\"}} to the file, or set FAIRLEAD_REPOSITORY_URL"))
        }
        let fallbacks = self["repository", "fallbackUrls"]?.array?.compactMap(\.string) ?? []
        for (name, url) in [("url", url)] + fallbacks.map({ ("fallbackUrls", $0) }) where Self.holdsPassword(url) {
            add(
                PlanProblem(
                    file: file, pointer: "/repository/\(name)", message: "a URL with a password in it is refused",
                    hint: "write the password to a file and name it in 'repository.tokenFile'"))
        }
    }

    private mutating func checkImagePlaces(file: String) {
        let places = (self["trust", "images"]?.object ?? [:]).keys
        for place in places.filter({ $0 == "localhost" || $0.hasPrefix("localhost/") }).sorted() {
            add(
                PlanProblem(
                    file: file, pointer: JSONPointer.child(place, of: "/trust/images"),
                    message: "images of this host are never pulled, so nothing verifies their signatures",
                    hint: "name a registry; 'policy.images.archives' and 'policy.builds' say what else comes in"))
        }
    }

    private mutating func checkTrust(file: String) {
        checkRules(file: file)
        checkRotation(file: file)
        guard let mode = self["trust", "commits", "mode"]?.string, mode != "off" else {
            guard self["trust", "maximumAge"] != nil else { return }
            return add(
                PlanProblem(
                    file: file, pointer: "/trust/maximumAge", message: "nothing is verified that could show it",
                    hint: "set 'trust.commits', or remove this key"))
        }
        guard self["trust", "commits", "allowedSigners"] == nil else { return }
        add(
            PlanProblem(
                file: file, pointer: "/trust/commits/allowedSigners", message: "nobody may sign: there is no such key",
                hint: "name the file of those who may, such as '/etc/fairlead/allowed_signers'"))
    }

    private mutating func checkRotation(file: String) {
        guard self["trust", "rotation", "threshold"] != nil else { return }
        if self["trust", "commits", "mode"]?.string != "ssh" {
            add(
                PlanProblem(
                    file: file, pointer: "/trust/rotation/threshold",
                    message: "a list of signers can be replaced from the repo only where ssh keys sign",
                    hint: "set 'trust.commits.mode' to 'ssh', or remove this key"))
        }
        guard self["trust", "stack"] == nil else { return }
        add(
            PlanProblem(
                file: file, pointer: "/trust/stack",
                message: "a new list of signers is for one stack, and this host does not say which one it has",
                hint: "add 'trust.stack', such as 'acme'"))
    }

    private mutating func checkRules(file: String) {
        let pointer = "/trust/commits/rules"
        let rules = self["trust", "commits", "rules"]?.array ?? []
        if !rules.isEmpty, self["trust", "commits", "mode"]?.string ?? "off" == "off" {
            add(
                PlanProblem(
                    file: file, pointer: pointer, message: "no signature is verified that could meet a rule",
                    hint: "set 'trust.commits.mode', or remove this key"))
        }
        for (index, rule) in rules.enumerated()
        where ((rule["paths"]?.array ?? []) + (rule["plan"]?.array ?? [])).isEmpty {
            add(
                PlanProblem(
                    file: file, pointer: "\(pointer)/\(index)", message: "the rule is about nothing",
                    hint: "add 'paths', such as [\"files/**\"], or 'plan', such as [\"/containers/*/image\"]"))
        }
    }

    private mutating func checkProxy(file: String) {
        func problem(_ key: String, _ message: String, _ hint: String) {
            add(PlanProblem(file: file, pointer: "/proxy/\(key)", message: message, hint: hint))
        }
        for entry in self["proxy", "noProxy"]?.array?.compactMap(\.string) ?? [] where !ProxyExceptions.isValid(entry) {
            problem(
                "noProxy", "'\(entry)' is neither a host, an address nor a network",
                "write 'example.com', '.example.com', '192.0.2.7' or '10.0.0.0/8'")
        }
        let username = self["proxy", "username"]?.string
        if self["proxy", "passwordFile"] != nil, username == nil {
            problem("passwordFile", "there is a password but no user", "add 'proxy.username'")
        }
        guard let url = self["proxy", "url"]?.string else {
            if username != nil { problem("username", "there is a user but no proxy", "add 'proxy.url'") }
            return
        }
        do throws(ProxyFailure) {
            _ = try WebProxy(url: url)
        } catch {
            problem("url", error.message, error.hint)
        }
    }

    /// `scheme://user:password@host`.
    static func holdsPassword(_ url: String) -> Bool {
        url.firstMatch(of: /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\/@]*:[^\/@]*@/) != nil
    }
}

/// The configuration cannot be read.
public struct ConfigurationError: Actionable {
    public let message: String
    public let hint: String
    public var disposition: Disposition { .permanent }

    static func missing(_ path: String) -> Self {
        Self(message: "there is no configuration at '\(path)'", hint: "check '--config' and FAIRLEAD_CONFIG")
    }
}
