import Model
import Planning
import Testing

@Suite("A pointer of Git LFS is no file")
struct LargeFilePointerTests {
    private static let pointer = """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 12345

        """

    private func problems(_ files: [String: String]) throws -> [String] {
        let plan = """
            {"schemaVersion": 1, "stack": "acme", "version": "1", "containers": {
              "web": {"image": "registry.example.com/web:1", "files": [{"source": "files/web", "target": "/etc/web"}]},
              "built": {"image": {"build": "images/built"}}}}
            """
        let good = [
            "plan.json": plan, "hosts/h.json": "{}", "files/web/a": "a", "images/built/Containerfile": "FROM scratch",
        ]
        do {
            _ = try PlanResolver(tree: MemoryTree(files: good.merging(files) { $1 }), policy: nil).resolve(host: "h")
            return []
        } catch let problems as PlanProblems {
            return problems.problems.map { "\($0)" }
        }
    }

    @Test(
        "it is refused by its name, with what to do, wherever a host would use it",
        arguments: ["files/web/logo.png", "images/built/app.bin", "plan.json", "hosts/h.json"])
    func refused(path: String) throws {
        let found = try problems([path: Self.pointer])
        #expect(found.count == 1)
        #expect(found.first?.contains("'\(path)' is a pointer of Git LFS, not the file itself") == true, "\(found)")
        #expect(found.first?.contains("git lfs migrate export --include=\(path)") == true, "\(found)")
    }

    @Test("elsewhere it is nobody's concern, and a file that only speaks of one is a file")
    func accepted() throws {
        #expect(try problems(["docs/picture.png": Self.pointer]) == [])
        #expect(try problems(["files/web/b": "see\n" + Self.pointer]) == [])
        #expect(try problems(["files/web/b": Self.pointer + String(repeating: "x", count: 1024)]) == [])
    }
}
