x = 'a' b'c'
eval(input())
