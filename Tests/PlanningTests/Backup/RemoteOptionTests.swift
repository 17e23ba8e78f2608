import Foundation
import Model
import Testing

/// T1: a plan names no command, file or other remote in the options of a remote (C1).
@Suite("The options of remotes that a plan may write")
struct RemoteOptionTests {
    private func problems(_ target: String, policy: VSNPolicy? = nil) throws -> [String] {
        let key = "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"
        let backup = #"{"recipients": ["\#(key)"], "targets": {"a": {\#(target)}}}"#
        return try MemoryTree(web: #""stopTimeout": "5s""#, more: #""backup": \#(backup)"#).problems(policy: policy)
    }

    @Test(
        "what runs a program, reads a file or leads to another remote is refused where it stands, under every policy",
        arguments: [
            (#""type": "webdav", "url": "http://x", "bearer_token_command": "touch /tmp/x""#, "bearer_token_command"),
            (#""type": "sftp", "host": "x", "ssh": "sh -c id""#, "ssh"),
            (#""type": "sftp", "host": "x", "server_command": "id""#, "server_command"),
            (#""type": "sftp", "host": "x", "md5sum_command": "id""#, "md5sum_command"),
            (#""type": "sftp", "host": "x", "key_file": "/root/.ssh/id_ed25519""#, "key_file"),
            (#""type": "s3", "env_auth": "true""#, "env_auth"),
            (#""type": "s3", "shared_credentials_file": "/root/.aws/credentials""#, "shared_credentials_file"),
            (#""type": "azureblob", "service_principal_file": "/etc/shadow""#, "service_principal_file"),
            (#""type": "azureblob", "use_msi": "true""#, "use_msi"), (#""type": "local""#, "type"),
            (#""type": "alias", "remote": "/""#, "type"), (#""type": "crypt", "remote": ":local:/etc""#, "type"),
            (#""type": "union", "upstreams": "/etc:rw""#, "type"), (#""type": "${secret:type}""#, "type"),
            (#""type": "s3,env_auth=true""#, "type"), (#""type": ":local""#, "type"), (#""type": "drive""#, "type"),
        ])
    func refused(options: String, option: String) throws {
        for policy in [nil, VSNPolicy(profile: .trusted)] {
            let problems = try problems(#""rclone": {\#(options)}, "path": "b/acme""#, policy: policy)
            #expect(problems.count == 1, "\(problems)")
            let problem = try #require(problems.first)
            #expect(problem.contains(" /backup/targets/a/rclone/\(option): "), "\(problem)")
            #expect(problem.contains(#""remotes": {"NAME": {"type": …}}"#), "\(problem)")
        }
    }

    @Test("a misspelt option or type is told with the one that was meant")
    func misspelt() throws {
        let option = try problems(#""rclone": {"type": "s3", "acces_key_id": "x"}, "path": "b""#)
        #expect(option.first?.contains("did you mean 'access_key_id'?") == true, "\(option)")
        let type = try problems(#""rclone": {"type": "webdev"}, "path": "b""#)
        #expect(type.first?.contains("did you mean 'webdav'?") == true, "\(type)")
    }

    @Test(
        "an ftp server without a password, which rclone cannot do, is told where it stands",
        arguments: ["", #", "pass": """#])
    func ftp(pass: String) throws {
        let server = #""type": "ftp", "host": "ftp.example.com", "user": "acme""#
        let problems = try problems(#""rclone": {\#(server)\#(pass)}, "path": "acme""#)
        #expect(problems.count == 1)
        #expect(problems.first?.contains(" /backup/targets/a/rclone: a remote of type 'ftp' needs 'pass'") == true)
        #expect(try self.problems(#""rclone": {\#(server), "pass": "${secret:ftp}"}, "path": "acme""#) == [])
    }

    @Test("a remote of the host's own is used by its name, and one that the host does not have is refused")
    func ownRemote() throws {
        #expect(try problems(#""remote": "offsite", "path": "acme""#) == [])
        var policy = VSNPolicy()
        #expect(
            try problems(#""remote": "offsite", "path": "acme""#, policy: policy) == [
                "plan.json:2 /backup/targets/a/remote: this VSN has no remote 'offsite'; write its options to the VSN's "
                    + #"configuration: "remotes": {"offsite": {"type": …}}"#
            ])
        policy.ownRemotes = ["offsite"]
        policy.allowedStorages = []
        #expect(try problems(#""remote": "offsite", "path": "acme""#, policy: policy) == [])
        #expect(try !problems(#""remote": "offsite", "rclone": {"type": "s3"}, "path": "acme""#).isEmpty)
        #expect(try !problems(#""remote": ":local:", "path": "acme""#).isEmpty)
    }
}

@Suite("The page about what a commit may do")
struct PolicyPageTests {
    @Test("docs/policy.md lists the options of each type of storage, all and no others")
    func options() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/policy.md").standardized
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        for (type, options) in RemoteOptions.accepted {
            let names = options.sorted().map { "`\($0)`" }.joined(separator: ", ")
            #expect(lines.contains("| `\(type)` | \(names) |"), "| `\(type)` | \(names) |")
        }
        let table = lines.drop { $0 != "| type | options |" }.dropFirst(2).prefix { $0.hasPrefix("|") }
        #expect(table.count == RemoteOptions.accepted.count)
    }
}
