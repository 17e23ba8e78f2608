import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

/// A host with mail settings and the real `send-mail`; nothing runs unless the test says so.
struct MailBench {
    static let password = "canary \"pass\" #word'$(x)`\\"

    let jobs: JobBench
    var configuration: JobsConfiguration
    var deadlines = MailDeadlines()

    init(trusting server: SMTPServer? = nil) throws {
        jobs = try JobBench()
        configuration = jobs.fixture.configuration
        configuration.logDirectory = "\(jobs.root)/log"
        configuration.mailCaFile = server?.authority
    }

    var state: String { configuration.stateDirectory }
    var queue: MailQueue { MailQueue(stateDirectory: state) }
    private var settings: JobsConfiguration {
        var settings = configuration
        settings.mailDeadlines = deadlines
        return settings
    }
    var setup: MailSetup { MailSetup(settings) }
    var owners: OwnerMailSetup { OwnerMailSetup(settings) }
    var trial: MailTrial { MailTrial(settings) }

    /// Installs what a plan with this `mail` brings, as a deployment does.
    @discardableResult
    func install(
        to recipients: [String] = ["ops@acme.example"], through server: String, password: String? = password
    ) throws -> [String] {
        var plan = plan([:])
        plan.mail = MailPlan(
            from: "vsn@acme.example", to: recipients, smtp: server,
            username: password.map { _ in "vsn" }.map(SecretText.init),
            password: password.map { _ in SecretText(source: "${secret:mail}") })
        let secrets = Secrets(password.map { ["mail": $0] } ?? [:])
        let changes = try setup.install(plan, secrets: secrets)
        try jobs.fixture.scratch.write(setup.job.script.text(from: .test()), to: "state/jobs/send-mail")
        return changes
    }

    /// Runs the job as cron does, to its end.
    @discardableResult
    func send() async throws -> CommandResult { try await jobs.run("\(state)/jobs/send-mail") }

    /// What the job recorded: `2 sent, 0 refused, 1 waiting: …`.
    var summary: String { get throws { try jobs.result("send-mail")["summary"] ?? "" } }

    var ownersQueue: MailQueue { MailQueue(ownerIn: state) }

    /// As the configuration of the host says it; a password goes into a file that is root's alone.
    func ownerMail(through server: String, password: String? = password) throws -> OwnerMail {
        let file = try password.map { password in
            let path = try jobs.fixture.scratch.write(password + "\n", to: "owner-password")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            return path
        }
        return OwnerMail(
            to: ["owner@acme.example"], from: "vsn@acme.example", smtp: server, username: password.map { _ in "vsn" },
            passwordFile: file)
    }

    /// What the daemon starts for the owner's mail, to its end.
    @discardableResult
    func sendOwners() async throws -> CommandResult { try await jobs.run("\(state)/owner-mail/send-mail") }

    /// Queues a mail from a job, without Fairlead.
    func queueFromBash(_ subject: String, _ body: String, then: String = "") async throws -> CommandResult {
        try jobs.fixture.scratch.write(subject, to: "subject")
        try jobs.fixture.scratch.write(body, to: "body")
        let text =
            String(decoding: PackageResources.mail_bash, as: UTF8.self) + """

                job_begin probe 60
                subject=$(cat \(jobs.root)/subject; echo x)
                queue_mail "${subject%x}" <\(jobs.root)/body || finish 1 failed
                \(then)
                finish 0 queued
                """
        return try await jobs.run(jobs.job("probe", text))
    }

    /// Every file of the host, but for those that may hold the password.
    func everythingWritten() throws -> String {
        let files = FileManager.default.enumerator(atPath: jobs.root)?.compactMap { $0 as? String } ?? []
        return try files.filter { !$0.hasSuffix("mail/msmtprc") && $0 != "owner-password" }.map { "\(jobs.root)/\($0)" }
            .filter { FileManager.default.contents(atPath: $0) != nil }
            .map { try String(decoding: Data(contentsOf: URL(filePath: $0)), as: UTF8.self) }.joined(separator: "\n")
    }
}

/// A message as a mail program reads it: decoded by Python's own parser.
struct ReadMail: Decodable, Equatable {
    var headers: [String: String]
    /// How often each header is there.
    var counts: [String: Int]
    var body: String

    init(_ message: String) async throws {
        let program = """
            import base64, email, email.policy, json, sys
            message = email.message_from_bytes(base64.b64decode(sys.stdin.buffer.read()), policy=email.policy.default)
            counts = {}
            for name in message.keys(): counts[name] = counts.get(name, 0) + 1
            print(json.dumps({"headers": {k: str(v) for k, v in message.items()}, "counts": counts,
                              "body": message.get_content().replace("\\r\\n", "\\n")}))
            """
        let result = try await tool(
            "python3", "-c", program, input: Data(message.utf8).base64EncodedString())
        self = try JSONDecoder().decode(Self.self, from: Data(result.output))
    }

    var subject: String { headers["Subject"] ?? "" }
}
