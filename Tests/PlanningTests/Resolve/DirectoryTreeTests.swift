import Foundation
import TestSupport
import Testing

@testable import Model
@testable import Planning

@Suite("A directory as a customer repo")
struct DirectoryTreeTests {
    private let scratch: Scratch
    private var tree: DirectoryTree { DirectoryTree(root: scratch.path) }

    init() throws { scratch = try Scratch() }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/\(name)", withDestinationPath: target)
    }

    @Test("entries are sorted and have kind and size; .git is left out")
    func entries() throws {
        try scratch.write("plan", to: "plan.json")
        let script = try scratch.write("#!/bin/sh", to: "images/web/start")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        try scratch.write("ref", to: ".git/HEAD")
        try scratch.write("ref", to: "vendor/.git/HEAD")
        try scratch.write("code", to: "vendor/code")
        try link("files", to: "/etc")
        try #require(mkfifo("\(scratch.path)/pipe", 0o600) == 0)
        #expect(
            try tree.entries() == [
                SourceEntry(path: "files", kind: .symlink, size: 4),
                SourceEntry(path: "images/web/start", kind: .executable, size: 9),
                SourceEntry(path: "plan.json", kind: .file, size: 4),
                SourceEntry(path: "vendor", kind: .submodule, size: 0),
            ])
    }

    @Test("content is read from regular files inside the directory only")
    func content() throws {
        try scratch.write("inside", to: "repo/files/a")
        try scratch.write("outside", to: "outside")
        try link("repo/linked", to: "files")
        try link("repo/files/link", to: "a")
        let tree = DirectoryTree(root: scratch.path + "/repo")
        #expect(try tree.content(of: "files/a") == Array("inside".utf8))
        for path in ["files/b", "files", "linked/a", "files/link", "../outside", "/etc/passwd", "", "files/a/b"] {
            #expect(try tree.content(of: path) == nil, "\(path)")
        }
    }

    @Test("a directory that is not there, or nested beyond reason, is an error that says so")
    func unreadable() throws {
        let missing = #expect(throws: DirectoryProblem.self) {
            try DirectoryTree(root: scratch.path + "/missing").entries()
        }
        #expect(missing?.message == "cannot read '\(scratch.path)/missing': it does not exist")
        try scratch.write("", to: String(repeating: "d/", count: 70) + "file")
        let deep = #expect(throws: DirectoryProblem.self) { try tree.entries() }
        #expect(deep?.message.hasSuffix("it is nested deeper than 64 directories") == true)
    }

    @Test("a directory resolves like a commit")
    func resolves() throws {
        for (path, content) in PlanResolverTests.tree.files { try scratch.write(content, to: path) }
        let fromDirectory = try PlanResolver(tree: tree, policy: nil).resolve(host: "berlin")
        #expect(try PlanResolver(tree: PlanResolverTests.tree, policy: nil).resolve(host: "berlin") == fromDirectory)
    }
}
