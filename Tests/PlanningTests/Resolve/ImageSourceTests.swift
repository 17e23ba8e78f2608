import Model
import Testing

@Suite("Where images and files come from")
struct ImageSourceTests {
    private static let digest = String(repeating: "ab", count: 32)

    private func problems(image: String, files: [String: String] = [:], kinds: [String: SourceEntry.Kind] = [:]) throws
        -> [String]
    {
        try MemoryTree(containers: #""web": {"image": \#(image)}"#, files: files, kinds: kinds).problems()
    }

    @Test(
        "an image reference says registry and version (J2)",
        arguments: [
            ("nginx:1.27", "image 'nginx:1.27' names no registry; write 'docker.io/library/nginx:1.27'"),
            ("acme/web:1", "image 'acme/web:1' names no registry; write 'docker.io/acme/web:1'"),
            (
                "localhost/web",
                "image 'localhost/web' has no version tag; write the version that is wanted: 'localhost/web:${version}' "
                    + "or 'localhost/web:1.0.0'"
            ),
            (
                "localhost/web:latest",
                "warning: image 'localhost/web:latest' does not say which version runs; write a version tag instead of "
                    + "'latest'; a newer image is not deployed by itself"
            ),
            (
                "https://registry.example.com/web:1",
                "image 'https://registry.example.com/web:1' is a URL; leave out the scheme, or write {\"archive\": URL, "
                    + "\"sha256\": DIGEST} for an archive"
            ),
            (
                "registry.example.com/Web:1",
                "image 'registry.example.com/Web:1' has upper-case letters in its name; write "
                    + "'registry.example.com/web:1'"
            ),
            (
                "registry.example.com/web:1:2",
                "'registry.example.com/web:1:2' is not an image reference; "
                    + "write REGISTRY/NAME:TAG, REGISTRY/NAME@sha256:DIGEST or both"
            ),
        ])
    func references(image: String, problem: String) throws {
        #expect(try problems(image: #""\#(image)""#) == ["plan.json:3 /containers/web/image: \(problem)"])
    }

    @Test("a digest is version enough")
    func digestOnly() throws {
        #expect(try problems(image: #""localhost/web@sha256:\#(Self.digest)""#) == [])
        #expect(try problems(image: #""localhost/web:latest@sha256:\#(Self.digest)""#) == [])
    }

    @Test(
        "an archive comes over https, ssh or from a file",
        arguments: [
            "https://files.example.com/web.tar.zst", "https://files.example.com:8443/a/b?c=d", "file:///srv/web.tar",
            "ssh://files.example.com/web.tar", "ssh://backup@files.example.com:2222/web.tar", "https://[::1]/web.tar",
        ])
    func archives(_ url: String) throws {
        #expect(try problems(image: #"{"archive": "\#(url)", "sha256": "\#(Self.digest)"}"#) == [])
    }

    @Test(
        "any other archive is refused, and its credentials are not repeated",
        arguments: [
            ("http://files.example.com/web.tar", "'http://files.example.com/web.tar' is not the URL"),
            ("files/web.tar", "'files/web.tar' is not the URL"),
            ("file://srv/web.tar", "'file://srv/web.tar' is not the URL"),
            ("https:///web.tar", "'https:///web.tar' is not the URL"),
            ("https://-x/web.tar", "'https://-x/web.tar' is not the URL"),
            ("ssh://-oProxyCommand=x/web.tar", "'ssh://-oProxyCommand=x/web.tar' is not the URL"),
            ("ssh://-oProxyCommand=x@host/web.tar", "'ssh://host/web.tar' is not the URL"),
            ("ssh://host/web.tar;reboot", "'ssh://host/web.tar;reboot' is not the URL"),
            ("ssh://host/$(reboot)", "'ssh://host/$(reboot)' is not the URL"),
            ("https://u:hunter2@hunter2@files.example.com/a", "'https://files.example.com/a' carries credentials"),
            ("https://files.example.com", "'https://files.example.com' is not the URL"),
            ("https://u:hunter2@files.example.com/a", "'https://files.example.com/a' carries credentials"),
            ("ssh://u:hunter2@files.example.com/a", "'ssh://files.example.com/a' carries credentials"),
        ])
    func badArchives(url: String, problem: String) throws {
        let found = try problems(image: #"{"archive": "\#(url)", "sha256": "\#(Self.digest)"}"#)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("plan.json:3 /containers/web/image/archive: \(problem)") == true, "\(found)")
        #expect(!found.joined().contains("hunter2"))
    }

    @Test("a build context is a directory below images/ with a Containerfile or a Dockerfile")
    func builds() throws {
        let files = [
            "images/web/Containerfile": "", "images/api/Dockerfile": "", "images/empty/README": "",
            "images/file": "", "other/Containerfile": "",
        ]
        func problem(_ path: String) throws -> [String] {
            try problems(image: #"{"build": "\#(path)"}"#, files: files)
                .map { $0.replacing("plan.json:3 /containers/web/image/build: ", with: "") }
        }
        #expect(try problem("images/web") == [] && problem("images/api") == [])
        #expect(
            try problem("images/empty") == [
                "'images/empty' has no 'Containerfile' or 'Dockerfile'; add one: 'images/empty/Containerfile'"
            ])
        #expect(
            try problem("images/file") == ["'images/file' is a file; name the directory that holds the 'Containerfile'"]
        )
        #expect(
            try problem("other") == ["'other' does not lie below 'images/'; move it there: 'images/other'"])
        #expect(try problem("images/wbe") == ["'images/wbe' is not in the repo; did you mean 'images/web'?"])
    }

    @Test(
        "a path that could leave the repo is refused",
        arguments: [
            "/etc/passwd", "files/../plan.json", "../files/a", "files//a", "files/a/", "./files/a", "files/.",
            #"files/a\u0000"#, #"files/a\n"#,
        ])
    func escapingPaths(_ path: String) throws {
        let found = try MemoryTree(
            web: #""files": [{"source": "\#(path)", "target": "/a"}]"#, files: ["files/a": ""]
        ).problems()
        #expect(found.contains { $0.contains("/files/0/source:") && $0.contains("is not a path inside the repo") })
    }

    @Test("links and submodules are refused where the plan uses them, and only there")
    func links() throws {
        let files = ["files/site/a": "", "files/site/link": "/etc/passwd", "files/linked": "site", "files/mod": ""]
        let kinds: [String: SourceEntry.Kind] = [
            "files/site/link": .symlink, "files/linked": .symlink, "files/mod": .submodule,
        ]
        func problems(_ source: String) throws -> [String] {
            let fields = #""files": [{"source": "\#(source)", "target": "/a"}]"#
            let container = #""web": {"image": "localhost/web:1", \#(fields)}"#
            return try MemoryTree(containers: container, files: files, kinds: kinds).problems()
        }
        let place = "plan.json:3 /containers/web/files/0/source: "
        let hint = "; commit the content itself in its place"
        #expect(try problems("files/site") == [place + "'files/site/link' is a symbolic link" + hint])
        #expect(try problems("files/linked") == [place + "'files/linked' is a symbolic link" + hint])
        #expect(try problems("files/linked/a") == [place + "'files/linked' is a symbolic link" + hint])
        #expect(try problems("files/mod/x") == [place + "'files/mod' is a submodule" + hint])
        #expect(try problems("files/site/a") == [])
        #expect(
            try problems("files/site/b") == [place + "'files/site/b' is not in the repo; did you mean 'files/site/a'?"])
    }

    @Test("a plan or a host entry that is a link is refused", arguments: ["plan.json", "hosts/berlin.json", "hosts"])
    func linkedPlan(_ path: String) throws {
        var tree = MemoryTree(containers: #""web": {"image": "localhost/web:1"}"#)
        tree.files[path] = tree.files[path] ?? "elsewhere"
        tree.kinds[path] = .symlink
        let found = try tree.problems()
        #expect(found.count == 1)
        #expect(found.first?.contains("'\(path)' is a symbolic link; commit the content itself in its place") == true)
    }
}
