import Testing

@testable import GitSource

@Suite("repository urls")
struct RepositoryURLTests {
    @Test(
        "every form is understood, and shown without user information",
        arguments: [
            ("/srv/repo.git", "/srv/repo.git"), ("file:///srv/repo.git", "file:///srv/repo.git"),
            ("https://h/r.git", "https://h/r.git"), ("https://u:p@h:8443/a/r.git", "https://h:8443/a/r.git"),
            ("https://token@h/r.git", "https://h/r.git"), ("HTTPS://u:p@h/r", "https://h/r"),
            ("https://u:p@a:b@h/r", "https://h/r"), ("http://h/r", "http://h/r"), ("git://h/r", "git://h/r"),
            ("ssh://git@h:2222/r.git", "ssh://h:2222/r.git"), ("ssh://u@[::1]:22/r", "ssh://[::1]:22/r"),
            ("git@h:a/r.git", "h:a/r.git"), ("h:r", "h:r"), ("git@[::1]:r", "::1:r"),
        ])
    func shown(text: String, shown: String) throws {
        #expect(try RepositoryURL(text).shown == shown)
    }

    @Test(
        "an ssh address has user, host, port and path",
        arguments: [
            ("ssh://git@h:2222/a/r.git", "git", "h", 2222, "/a/r.git"), ("git@h:a/r.git", "git", "h", nil, "a/r.git"),
            ("ssh://h/~bob/r", nil, "h", nil, "~bob/r"), ("ssh://git@[::1]:22/r", "git", "::1", 22, "/r"),
            ("git@[fe80::1]:r", "git", "fe80::1", nil, "r"), ("h:/abs/r", nil, "h", nil, "/abs/r"),
        ] as [(String, String?, String, Int?, String)])
    func address(text: String, user: String?, host: String, port: Int?, path: String) throws {
        guard case .ssh(let address) = try RepositoryURL(text).transport else {
            Issue.record("'\(text)' is not taken for ssh")
            return
        }
        #expect(address.user == user && address.host == host && address.port == port && address.path == path)
    }

    @Test(
        "what could be an option, a command or a relative path is refused",
        arguments: [
            "", "repo", "./repo", "a\nb", "ftp://h/r", "https:///r", "ssh://-oProxyCommand=x/r", "-oProxyCommand=x:r",
            "ssh://-l@h/r", "h:-r", "ssh://h/", "ssh://h", "ssh://h:0/r", "ssh://h:99999/r", "ssh://h:x/r",
            "u;x@h:r", "$(id)@h:r", "h%h:r", "ssh://@h/r",
        ])
    func refused(text: String) {
        #expect(throws: GitFailure.self) { try RepositoryURL(text) }
    }

    @Test("a refused url is shown without its password")
    func redacted() {
        for text in ["ftp://u:canary@h/r", "https://u:canary@h:x/r", "ssh://u:canary@-h/r"] {
            do {
                _ = try RepositoryURL(text)
                Issue.record("'\(text)' is accepted")
            } catch {
                #expect(!"\(error)".contains("canary"))
            }
        }
    }

    @Test("ssh is called with strict checks, one key, one file of host keys and a quoted path")
    func arguments() throws {
        guard case .ssh(let address) = try RepositoryURL("ssh://git@h:2222/it's.git").transport else { return }
        let list = SSHArguments.list(for: address, key: "/k", knownHosts: "/a b%")
        #expect(list.prefix(3) == ["-F", "/dev/null", "-T"])
        #expect(list.contains("StrictHostKeyChecking=yes") && list.contains("BatchMode=yes"))
        #expect(list.contains("UserKnownHostsFile=\"/a b%%\"") && list.contains("GlobalKnownHostsFile=/dev/null"))
        #expect(list.suffix(7) == ["-i", "/k", "-p", "2222", "--", "git@h", "git-upload-pack '/it'\\''s.git'"])
    }
}
