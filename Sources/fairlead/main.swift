internal import GitSource
internal import Glibc

if CommandLine.arguments.dropFirst().first == GitChild.subcommand { exit(GitChild.main()) }
print("x")
