internal import FoundationEssentials
internal import Glibc
public import Model
internal import Processes

/// Says who signed commits of the mirror. Signatures are taken out of them in the child, and verified by ssh-keygen or gpgv.
public struct SignatureVerifier: Sendable {
    private let source: GitSource
    private let signers: SignerList
    private let commandPath: String?

    /// `commandPath`: where the programs are looked for, in place of the usual directories.
    public init(source: GitSource, signers: SignerList, commandPath: String? = nil) {
        self.source = source
        self.signers = signers
        self.commandPath = commandPath
    }

    /// For each commit what its signature is worth at `time`, when it was received. Never answers without having
    /// verified.
    /// - Throws: `GitFailure` where that cannot be done: no program, no list of signers, a commit that is not here.
    public func findings(of commits: [CommitID], at time: Timestamp) async throws -> [CommitID: SignatureFinding] {
        let program = try signers.checkedProgram(path: commandPath)
        var findings: [CommitID: SignatureFinding] = [:]
        for object in try await objects(commits.map(\.hex)) {
            guard let id = CommitID(object.id) else { continue }
            findings[id] = try await finding(of: object, program, at: time)
        }
        return findings
    }

    /// In their order.
    func objects(_ ids: [String]) async throws -> [ExtractedObject] {
        guard !ids.isEmpty else { return [] }
        do {
            return try await allObjects(ids)
        } catch let failure as GitFailure where failure.kind == .corrupt {
            try await source.renew(because: failure.message)
            return try await allObjects(ids)
        }
    }

    private func allObjects(_ ids: [String]) async throws -> [ExtractedObject] {
        let url = try RepositoryURL(source.location.url)
        var found: [ExtractedObject] = []
        while found.count < ids.count {
            let rest = Array(ids[found.count...])
            let part = try await source.child.run(.signatures, url: url, objects: rest).objects ?? []
            guard !part.isEmpty, part.map(\.id) == Array(rest.prefix(part.count)) else {
                throw GitFailure(.local, "cannot read the signatures of commits: the child process gave no answer")
            }
            found += part
        }
        return found
    }

    func finding(of object: ExtractedObject, _ program: String, at time: Timestamp) async throws -> SignatureFinding {
        guard let signed = object.object else { return .refused("means nothing: \(object.fault ?? "it is damaged")") }
        guard let signature = signed.signature else { return .unsigned }
        let text = String(decoding: signature, as: UTF8.self)
        guard let form = SignerList.Form(signature: text) else { return .refused("cannot be understood") }
        guard form == signers.form else {
            return .refused("is one of \(form.rawValue), and this host verifies those of \(signers.form.rawValue)")
        }
        return try await withScratch { directory in
            let file = "\(directory)/signature"
            try signature.write(to: URL(filePath: file))
            do {
                return try await finding(of: Array(signed.payload), signedBy: file, in: directory, program, at: time)
            } catch let failure as CommandFailure {
                throw GitFailure(.local, "cannot verify a signature: \(failure)")
            }
        }
    }

    private func finding(
        of payload: [UInt8], signedBy file: String, in directory: String, _ program: String, at time: Timestamp
    ) async throws -> SignatureFinding {
        let list = try signers.written(to: directory)
        switch list.form {
        case .ssh:
            return try await SSHSignatureCheck(program: program, list: list, time: time)
                .finding(of: payload, signedBy: file)
        case .gpg:
            return try await GPGSignatureCheck(program: program, list: list)
                .finding(of: payload, signedBy: file, in: directory)
        }
    }

    /// With a directory that nobody else can look into, for as long as `body` runs.
    private func withScratch<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        var template = Array("\(source.stateDirectory)/signature-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Directory.failure("create", "\(source.stateDirectory)/signature-…")
        }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { Directory.remove(path) }
        return try await body(path)
    }
}

extension SignerList.Form {
    /// By the line that it begins with.
    init?(signature text: String) {
        if text.hasPrefix("-----BEGIN SSH SIGNATURE-----\n") {
            self = .ssh
        } else if text.hasPrefix("-----BEGIN PGP SIGNATURE-----\n") || text.hasPrefix("-----BEGIN PGP MESSAGE-----\n") {
            self = .gpg
        } else {
            return nil
        }
    }
}
