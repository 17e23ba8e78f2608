internal import Files
internal import Model
internal import Processes

/// A remote of rclone: its options with their values, secrets replaced and passwords obscured as rclone wants them.
struct RcloneRemote: Sendable, CustomReflectable {
    let type: String
    private let options: [String: String]
    /// As the plan has them, with secrets.
    private let plain: [String: String]
    /// The web proxy, for whatever of it is reached by http or https.
    private let proxy: [String: String]

    static let standardName = "TARGET"

    init(
        _ store: BackupTarget.Store, of target: String, secrets: Secrets, program: String, proxy: WebProxy? = nil
    ) async throws(HostError) {
        self.proxy = try Self.environment(of: proxy)
        guard case .rclone(let texts, _) = store else {
            (type, plain, options) = ("local", [:], [:])
            return
        }
        plain = try Self.values(of: texts, target: target, secrets: secrets)
        type = plain["type"] ?? ""
        let known = try await RcloneType(type, of: target, program: program)
        try known.check(plain.keys, of: target)
        if let needed = RemoteOptions.needed(of: type), plain[needed]?.isEmpty ?? true {
            throw HostError(
                "backup target '\(target)' of type '\(type)' has no '\(needed)', or an empty one",
                hint: RemoteOptions.neededHint)
        }
        var options = Self.defaults(for: type).merging(plain) { $1 }
        for name in known.passwords {
            guard let password = options[name], !password.isEmpty else { continue }
            options[name] = try await Self.obscured(password, program: program)
        }
        if type == "sftp", let key = options["key_pem"] { options["key_pem"] = Self.quotedLines(of: key) }
        self.options = options
    }

    /// A private key as it is in its file. rclone wants one line, with `\n` where a line ends.
    private static func quotedLines(of key: String) -> String {
        let lines = key.split(whereSeparator: \.isNewline)
        return lines.count > 1 ? lines.map { $0 + #"\n"# }.joined() : key
    }

    /// As the plan has it; `nil` when it does not.
    subscript(option: String) -> String? { plain[option] }

    /// What opens it, by the option: also what stands in the clear in the plan or is the owner's, and what rclone got for a
    /// password, which anybody can turn back into it.
    var credentials: [(name: String, value: String)] {
        [plain, options].flatMap { values in
            values.filter { Self.isCredential($0.key) && Bool($0.value) == nil }.map { ($0.key, $0.value) }
        }
    }

    private static func isCredential(_ option: String) -> Bool {
        let words = option.split(separator: "_")
        guard let last = words.last, !["id", "file", "md5", "command"].contains(last) else { return false }
        return words.contains { ["pass", "password", "secret", "token", "key", "pem", "sas"].contains($0) }
    }

    /// What an upload of an object store reads into memory at the most; rclone counts it as sent from then on.
    var readAhead: Int64 {
        type == "s3" && plain["chunk_size"] == nil && plain["upload_concurrency"] == nil ? 16 << 20 : 64 << 20
    }

    /// For a remote called `name`. Nothing of the administrator's own rclone is read.
    func environment(as name: String) -> [String: String] {
        var environment = Self.plainEnvironment.merging(proxy) { $1 }
        environment["RCLONE_CONFIG_\(name)_TYPE"] = type
        for (option, value) in options { environment["RCLONE_CONFIG_\(name)_\(option.uppercased())"] = value }
        return environment
    }

    var customMirror: Mirror { Mirror(self, children: ["type": type]) }

    /// Of an rclone without a remote. A broken connection is given up soon: whoever calls tries again later.
    /// Without TCELL_MINIMIZE a table for rclone's file browser costs half of each start (50 of 100 ms of CPU, 1.60).
    static let plainEnvironment = Command.plainEnvironment.merging([
        "RCLONE_CONFIG": "/dev/null", "RCLONE_RETRIES": "1", "RCLONE_LOW_LEVEL_RETRIES": "3",
        "RCLONE_CONTIMEOUT": "15s", "RCLONE_TIMEOUT": "60s", "RCLONE_ASK_PASSWORD": "false",
        "TCELL_MINIMIZE": "1",
    ]) { $1 }

    private static func environment(of proxy: WebProxy?) throws(HostError) -> [String: String] {
        do throws(ProxyFailure) {
            return try proxy?.environment() ?? [:]
        } catch {
            throw HostError(error.message, hint: error.hint, disposition: .transient)
        }
    }

    private static func defaults(for type: String) -> [String: String] {
        // A key that may only put, get and list cannot ask for the bucket itself.
        type == "s3" ? ["no_check_bucket": "true", "chunk_size": "8M", "upload_concurrency": "2"] : [:]
    }

    private static func values(
        of texts: [String: SecretText], target: String, secrets: Secrets
    ) throws(HostError) -> [String: String] {
        var values: [String: String] = [:]
        for (option, text) in texts {
            if let missing = text.references.first(where: { secrets[$0] == nil }) {
                throw HostError(
                    "the secret '\(missing)' that '\(option)' of backup target '\(target)' refers to does not exist",
                    hint: "add it to the secrets, or correct its name in the plan")
            }
            values[option] = text.value(with: secrets)
        }
        return values
    }

    /// rclone takes a password that lies in a configuration only like this.
    private static func obscured(_ password: String, program: String) async throws(HostError) -> String {
        do {
            let result = try await Command(
                program, ["obscure", "-"], environment: plainEnvironment, input: Array(password.utf8)
            ).run()
            return result.text.filter { !$0.isWhitespace }
        } catch {
            throw HostError("rclone cannot take a password: \(error)", hint: "see whether '\(program) obscure' works")
        }
    }
}
