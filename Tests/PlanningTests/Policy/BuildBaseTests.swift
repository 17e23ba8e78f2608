import Testing

@testable import Model
@testable import Planning

/// T1: a build takes its bases from where images may come from (H3).
@Suite("The images that builds begin with")
struct BuildBaseTests {
    @Test(
        "are read as a build reads them",
        arguments: [
            ("FROM a.example.com/b:1\n", ["a.example.com/b:1"]), ("FROM scratch\nCOPY x /x\n", []),
            (
                "# FROM a\nfrom --platform=linux/amd64 a.example.com/b AS c\nFROM c\nFROM c as d\nCOPY --from=d / /\n",
                ["a.example.com/b"]
            ),
            ("FROM a\nCOPY --from=0 /x /x\nCOPY --from=e.example.com/f /x /x\n", ["a", "e.example.com/f"]),
            ("FROM a\nADD --chown=1 --from=e /x /x\n", ["a", "e"]),
            ("FROM a\nRUN --mount=type=bind,from=evil/image,target=/x cp /x /y\n", ["a", "evil/image"]),
            ("FROM \\\n  evil/image \\\n# in between\n  AS x\nFROM x\n", ["evil/image"]),
            ("FR\\\nOM evil/image\n", ["evil/image"]), ("# escape=`\nFROM `\nevil/image\n", ["evil/image"]),
            ("ARG BASE=good\nFROM ${BASE}\n", ["${BASE}"]), ("FROM \"quoted/image\"\n", ["quoted/image"]),
            ("FROM a\r\nFROM b\r\n", ["a", "b"]), ("\tFROM\ta\t\n\n", ["a"]), ("", []),
        ])
    func bases(text: String, expected: [String]) {
        #expect(Containerfile(text).bases.map(\.written) == expected)
    }

    private func problems(_ content: String, _ policy: VSNPolicy, file: String = "Containerfile") throws -> [String] {
        try MemoryTree(
            containers: #""web": {"image": {"build": "images/web"}}"#, files: ["images/web/\(file)": content]
        ).problems(policy: policy)
    }

    @Test(
        "come from the registries that are named, or from those that are named for builds",
        arguments: BuildBaseCheck.names)
    func policy(file: String) throws {
        var policy = VSNPolicy(allowedRegistries: ["registry.example.com/acme"])
        policy.builds = .isolated
        #expect(try problems("FROM registry.example.com/acme/base:1\n", policy, file: file) == [])
        for base in [
            "docker.io/library/debian:13", "debian:13", "registry.example.com/other", "$BASE", "${BASE:-scratch}",
        ] {
            let found = try problems("FROM \(base)\n", policy, file: file)
            #expect(found.count == 1 && found.contains { $0.contains("'policy.images.buildBases'") }, "\(found)")
        }
        let hidden = "FROM registry.example.com/acme/a\nRUN <<A\nFROM registry.example.com/evil/b\nA\n"
        #expect(try problems(hidden, policy, file: file).count == 1)
        policy.images.buildBases = ["docker.io/library"]
        #expect(try problems("FROM docker.io/library/debian:13\n", policy, file: file) == [])
        #expect(try problems("FROM registry.example.com/acme/base:1\n", policy, file: file).count == 1)
        #expect(try problems("FROM anything\n", VSNPolicy(), file: file) == [])
    }

    @Test("are part of what a refusal is remembered by, so that a corrected file is looked at again")
    func remembered() throws {
        let tree = { (base: String) in
            MemoryTree(
                containers: #""web": {"image": {"build": "images/web"}}"#,
                files: ["images/web/Containerfile": "FROM \(base)\n"])
        }
        let policy = VSNPolicy(allowedRegistries: ["registry.example.com"])
        let digests = try ["a", "b"].map {
            try PlanResolver(tree: tree($0), policy: policy).sourceDigest(host: "berlin")
        }
        #expect(digests[0] != digests[1])
    }
}
