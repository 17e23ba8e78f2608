internal import Files
internal import HostSystem
internal import Processes

/// One question to a store that rclone cannot ask, for curl: what it reads on its standard input, since no key may be
/// among its arguments.
struct CurlRequest: Sendable {
    let configuration: String

    /// `options` of curl that have a value, and `flags` that have none.
    init(flags: [String] = [], _ options: [(String, String)], proxy: CurlProxy) {
        let lines = options + [("connect-timeout", "15"), ("max-time", "60"), ("write-out", "\n%{http_code}")]
        configuration =
            (["silent", "show-error"] + flags).map { "\($0)\n" }.joined() + CurlProxy.text(lines + proxy.lines)
    }
}

/// What came back, and after it a line with the status.
struct CurlAnswer: Sendable {
    let status: Int
    let text: String

    init(_ output: String) {
        let end = output.lastIndex(of: "\n") ?? output.startIndex
        status = Int(output[end...].drop { $0 == "\n" }) ?? 0
        text = String(output[..<end])
    }
}

extension BackupStore {
    func send(_ request: CurlRequest, to purpose: String) async throws(HostError) -> CurlAnswer {
        guard let curl = Command.find("curl", path: configuration.commandPath) else {
            throw HostError.notInstalled("curl")
        }
        do {
            // Without -q it would read the administrator's own settings first.
            let result = try await Command(
                curl, ["-q", "-K", "-"], input: Array(request.configuration.utf8), deadline: .seconds(90),
                outputLimit: 1 << 20
            ).run()
            return CurlAnswer(result.text)
        } catch {
            throw failure(of: error, to: purpose)
        }
    }

    /// A server refused; `words` are what it said.
    func refusal(status: Int, _ words: [String?], to purpose: String) -> HostError {
        let why = words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
        var log = RcloneLog()
        log.addError("status \(status)" + (why.isEmpty ? "" : ", \(why)"))
        return failure(log, to: purpose)
    }
}
