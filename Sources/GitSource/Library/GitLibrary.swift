internal import Clibgit2
internal import Model

/// The state that libgit2 keeps for the whole process.
enum GitLibrary {
    /// Initialised and isolated, once, before the first use on any thread.
    private static let ready: Result<Void, GitFailure> = {
        guard git_libgit2_init() > 0, fairlead_git_isolate() == 0 else {
            return .failure(LibraryError.last(-1).failure(.local, "cannot start libgit2"))
        }
        return .success(())
    }()

    static func prepare() throws(GitFailure) { try ready.get() }

    /// The certificates that servers are checked against.
    static func trust(_ file: String) throws(GitFailure) {
        guard fairlead_git_trust(file) == 0 else {
            throw LibraryError.last(-1).failure(
                .configuration, "cannot read the certificates in '\(file)'", hint: "name a file in PEM form")
        }
    }
}

/// What libgit2 reported.
struct LibraryError: Error, Hashable {
    let code: Int32
    let category: Int32
    let text: String

    /// Has to be read on the thread of the call, right after it.
    static func last(_ code: Int32) -> Self {
        let error = git_error_last()
        // A server's own words may be in it.
        let text = error.flatMap { $0.pointee.message }.map { ForeignText(String(cString: $0), limit: 500).description }
        return Self(code: code, category: error?.pointee.klass ?? 0, text: text ?? "error \(code)")
    }

    func failure(_ kind: GitFailure.Kind, _ attempt: String, hint: String = "") -> GitFailure {
        GitFailure(kind, "\(attempt): \(text)", hint: hint)
    }

    func isCode(_ code: git_error_code) -> Bool { self.code == code.rawValue }

    /// Whether a directory has a name that libgit2 does not take, and git does.
    var isOfName: Bool { isCategory(GIT_ERROR_TREE) && text.contains("parse filename") }

    static let nameWords = "a name is empty, or longer than the 65535 bytes that libgit2 reads"

    func isCategory(_ categories: git_error_t...) -> Bool { categories.contains { Int32($0.rawValue) == category } }
}

/// Runs one call; throws what libgit2 says about it when it reports a failure.
@discardableResult
func check(_ call: () -> Int32) throws(LibraryError) -> Int32 {
    git_error_clear()
    let status = call()
    guard status >= 0 else { throw LibraryError.last(status) }
    return status
}
