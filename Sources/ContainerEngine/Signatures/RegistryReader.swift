internal import FoundationEssentials
internal import Model
internal import Processes

/// Reads small things from a registry by skopeo, which knows registries, logins, certificates and proxies as Podman does.
struct RegistryReader: Sendable {
    private let files: SignatureFiles
    private let program: [String]
    private let environment: [String: String]
    private let login: String?
    private let deadline: Duration

    /// In bytes: the most that a registry may send as one file.
    private static let largestFile = 1 << 20
    private static let largestManifest = 4 << 20

    /// `login` is for the registry `host`; without one those count that root has stored on this host.
    init(
        _ configuration: EngineConfiguration, _ files: SignatureFiles, login: RegistryCredentials?, at host: String
    ) throws(EngineError) {
        guard let skopeo = Command.find("skopeo"), let prlimit = Command.find("prlimit") else {
            throw SignatureCheck.missing("skopeo", "verify an image of '\(host)'")
        }
        let registries = configuration.environment["CONTAINERS_REGISTRIES_CONF"]
        program =
            [prlimit, "--fsize=\(Self.largestFile)", skopeo, "--insecure-policy"]
            + (registries.map { ["--registries-conf", $0] } ?? [])
        do throws(ProxyFailure) {
            environment = Command.plainEnvironment.merging(try configuration.proxy?.environment() ?? [:]) { $1 }
                .merging(configuration.environment) { $1 }
        } catch {
            throw EngineError(.refused(status: nil), error.message, hint: error.hint)
        }
        self.files = files
        if let login {
            self.login = try files.write(Self.stored(login, host), "login")
        } else {
            self.login = nil
        }
        deadline = configuration.idleDeadline
    }

    /// Of the manifest that the tag names now.
    func digest(of image: ImageReference) async throws -> String { Self.digest(try await manifest("\(image)")) }

    /// `nil` when the image has none.
    func signatures(of name: String, _ digest: String) async throws -> SignatureManifest? {
        let bytes: [UInt8]
        do {
            bytes = try await manifest("\(name):\(SignatureManifest.tag(of: digest))")
        } catch let error as EngineError where error.saysAbsent {
            return nil
        }
        guard let manifest = SignatureManifest(bytes), !manifest.entries.isEmpty else { return nil }
        // By its digest: what was looked at is what comes.
        _ = try await run(
            ["copy", "--quiet"] + (login.map { ["--src-authfile", $0] } ?? [])
                + ["docker://\(name)@\(Self.digest(bytes))", "dir:\(files.signatures)"],
            "fetch the signatures of '\(name)'")
        return manifest
    }

    private func manifest(_ name: String) async throws -> [UInt8] {
        try await run(
            ["inspect", "--raw"] + (login.map { ["--authfile", $0] } ?? []) + ["docker://\(name)"],
            "ask for '\(name)'")
    }

    private func run(_ arguments: [String], _ action: String) async throws -> [UInt8] {
        let command = Command(
            program[0], Array(program.dropFirst()) + arguments, environment: environment, workingDirectory: "/",
            deadline: deadline, outputLimit: Self.largestManifest)
        let result = try await command.runToEnd()
        guard result.status == 0 else {
            throw EngineError(status: nil, said: Self.words(result.errorTail), action).ofRegistry
        }
        return result.output
    }

    /// skopeo says `time="…" level=fatal msg="…"`.
    static func words(_ said: String) -> String {
        let line = said.split(whereSeparator: \.isNewline).last.map(String.init) ?? "skopeo says no reason"
        guard let message = line.firstMatch(of: /msg="(?<text>.*)"/)?.output.text else { return line }
        return String(message).replacing(#"\""#, with: "'")
    }

    private static func digest(_ bytes: [UInt8]) -> String { "sha256:" + ContentDigest.hex(of: bytes) }

    private static func stored(_ credentials: RegistryCredentials, _ host: String) -> [UInt8] {
        let pair = Data("\(credentials.username):\(credentials.password)".utf8).base64EncodedString()
        let document = ["auths": [host: ["auth": pair]]]
        return [UInt8]((try? JSONEncoder().encode(document)) ?? Data())
    }
}
