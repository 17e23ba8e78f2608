import Foundation
import Jobs
import Processes
import TestSupport

/// A mail in the queue of a host.
struct QueuedMail {
    let subject: String
    let body: String
}

extension VSN {
    /// Of a plan whose mail server is dead: what is queued stays there.
    static let deadMail = """
        "mail": {"from": "vsn@acme.example.com", "to": ["ops@acme.example.com"], "smtp": "smtp+plain://127.0.0.1:1"}
        """
    /// With `deadMail`: a plan that never becomes healthy.
    static let unhealthy = """
        {\(deadMail), "containers": {"web": {"health": {"http": {"path": "/no"}, "retries": 5}}}}
        """
    static let healthy = "{\(deadMail)}"

    var mailDirectory: String { "\(scratch.path)/state/mail" }

    /// Mail settings as a deployment installs them.
    func installMail() throws {
        try scratch.write(
            "from=vsn@acme.example.com\nto=ops@acme.example.com\nstack=\(stack)\nhost=test\n",
            to: "state/mail/settings")
    }

    /// What waits to be sent, the oldest first.
    func mails() throws -> [QueuedMail] {
        try MailQueue(stateDirectory: "\(scratch.path)/state").content().waiting.map { entry in
            let text = try String(contentsOfFile: "\(mailDirectory)/queue/\(entry.name)", encoding: .utf8)
            let parts = text.split(separator: "\n\n", maxSplits: 1)
            return QueuedMail(subject: entry.subject, body: String(parts[1]))
        }
    }

    func subjects() throws -> [String] {
        try mails().map { $0.subject.replacing("[\(stack)@test] ", with: "").replacing("[test] ", with: "") }
    }

    /// The JSON of `fairlead incidents`.
    func incidents(_ arguments: String...) async throws -> [[String: Any]] {
        let result = try await fairlead(["incidents", "--output", "json"] + arguments)
        let json = try JSONSerialization.jsonObject(with: Data(result.text.utf8)) as? [String: Any]
        return json?["incidents"] as? [[String: Any]] ?? []
    }
}
